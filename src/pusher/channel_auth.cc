#include "pusher/channel_auth.h"

#include "pusher/auth_token.h"
#include "pusher/quote.h"

namespace fanfare::pusher {

// An empty channel_data is signed as well, with its colon: what counts is whether the member was sent. Source: REF 3.4
Result<const AppKey*> verify_channel_auth(const AppKeys& keys, std::string_view socket_id,
                                          const SubscribeCommand& command) {
  if (!command.auth || command.auth->empty()) {
    return Error{ErrorKind::kUnauthorized, "Auth info required to subscribe to " + shortened(command.channel)};
  }
  const std::string_view colon = command.channel_data ? ":" : "";
  const std::string_view data = command.channel_data.value_or(std::string_view{});
  return verify_auth_token(keys, *command.auth, {socket_id, ":", command.channel, colon, data});
}

std::string sign_channel_auth(const AppKey& key, std::string_view socket_id, std::string_view channel,
                              std::optional<std::string_view> channel_data) {
  const std::string_view colon = channel_data ? ":" : "";
  return make_auth_token(key, {socket_id, ":", channel, colon, channel_data.value_or(std::string_view{})});
}

}  // namespace fanfare::pusher
