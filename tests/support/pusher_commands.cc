#include "support/pusher_commands.h"

#include <stdexcept>

#include "pusher/channel_name.h"

namespace fanfare::test {

std::string socket_id_of(const std::string& established) {
  constexpr std::string_view kBefore = R"(\"socket_id\":\")";
  const std::size_t at = established.find(kBefore);
  if (at == std::string::npos) throw std::runtime_error("no connection_established, but " + established);
  const std::size_t begin = at + kBefore.size();
  return established.substr(begin, established.find('\\', begin) - begin);
}

std::string connect_target(const TestApp& app, int protocol) {
  return "/app/" + app.key + "?protocol=" + std::to_string(protocol) + "&client=test&version=1.0";
}

std::string subscribe_command(const TestApp& app, std::string_view socket_id, std::string_view channel,
                              std::optional<std::string_view> channel_data) {
  const bool needs_auth = pusher::channel_traits(channel).needs_auth();
  return subscribe_command_with(needs_auth ? app.channel_auth(socket_id, channel, channel_data) : "", channel,
                                channel_data);
}

std::string subscribe_command_with(std::string_view auth, std::string_view channel,
                                   std::optional<std::string_view> channel_data) {
  std::string text =
      R"({"event":"pusher:subscribe","data":{"auth":)" + json_string(auth) + R"(,"channel":)" + json_string(channel);
  if (channel_data) text += R"(,"channel_data":)" + json_string(*channel_data);
  return text + "}}";
}

std::string unsubscribe_command(std::string_view channel) {
  return R"({"event":"pusher:unsubscribe","data":{"channel":)" + json_string(channel) + "}}";
}

std::string signin_command(const TestApp& app, std::string_view socket_id, std::string_view user_data) {
  return R"({"event":"pusher:signin","data":{"auth":)" + json_string(app.user_auth(socket_id, user_data)) +
         R"(,"user_data":)" + json_string(user_data) + "}}";
}

std::string trigger_command(std::string_view event, std::string_view channel, std::string_view data) {
  return R"({"event":)" + json_string(event) + R"(,"channel":)" + json_string(channel) + R"(,"data":)" +
         std::string(data) + "}";
}

}  // namespace fanfare::test
