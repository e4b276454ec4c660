#include "support/pusher_client.h"

#include <stdexcept>
#include <utility>

namespace fanfare::test {

PusherClient::PusherClient(std::uint16_t port, TestApp app, const WsOptions& options, int protocol)
    : WsClient(port, connect_target(app, protocol), options),
      app_(std::move(app)),
      established_(next_text()),
      socket_id_(socket_id_of(established_)) {}

void PusherClient::subscribe(std::string_view channel, std::optional<std::string_view> channel_data) {
  send_text(subscribe_command(app_, socket_id_, channel, channel_data));
}

void PusherClient::subscribe_with(std::string_view auth, std::string_view channel,
                                  std::optional<std::string_view> channel_data) {
  send_text(subscribe_command_with(auth, channel, channel_data));
}

std::string PusherClient::subscribe_and_wait(std::string_view channel, std::optional<std::string_view> channel_data) {
  subscribe(channel, channel_data);
  return next_text();
}

void PusherClient::unsubscribe(std::string_view channel) { send_text(unsubscribe_command(channel)); }

void PusherClient::sign_in(std::string_view user_data) { send_text(signin_command(app_, socket_id_, user_data)); }

void PusherClient::sign_in_as(std::string_view user_id) {
  sign_in(R"({"id":)" + json_string(user_id) + "}");
  const std::string answer = next_text();
  if (!answer.starts_with(R"({"event":"pusher:signin_success")")) throw std::runtime_error("not signed in: " + answer);
}

void PusherClient::trigger(std::string_view event, std::string_view channel, std::string_view data) {
  send_text(trigger_command(event, channel, data));
}

std::string PusherClient::unexpected() {
  send_text(kPingCommand);
  std::string text = next_text();
  return text == kPongEvent ? std::string() : text;
}

}  // namespace fanfare::test
