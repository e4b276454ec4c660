#include "support/pusher_client.h"

#include <stdexcept>
#include <utility>

#include "pusher/channel_name.h"

namespace fanfare::test {

namespace {

constexpr std::string_view kPong = R"({"event":"pusher:pong","data":"{}"})";

std::string socket_id_of(const std::string& established) {
  constexpr std::string_view kBefore = R"(\"socket_id\":\")";
  const std::size_t at = established.find(kBefore);
  if (at == std::string::npos) throw std::runtime_error("no connection_established, but " + established);
  const std::size_t begin = at + kBefore.size();
  return established.substr(begin, established.find('\\', begin) - begin);
}

}  // namespace

std::string connect_target(const TestApp& app, int protocol) {
  return "/app/" + app.key + "?protocol=" + std::to_string(protocol) + "&client=test&version=1.0";
}

PusherClient::PusherClient(std::uint16_t port, TestApp app, const WsOptions& options, int protocol)
    : WsClient(port, connect_target(app, protocol), options),
      app_(std::move(app)),
      established_(next_text()),
      socket_id_(socket_id_of(established_)) {}

void PusherClient::subscribe(std::string_view channel, std::optional<std::string_view> channel_data) {
  const bool needs_auth = pusher::channel_traits(channel).needs_auth();
  subscribe_with(needs_auth ? app_.channel_auth(socket_id_, channel, channel_data) : "", channel, channel_data);
}

void PusherClient::subscribe_with(std::string_view auth, std::string_view channel,
                                  std::optional<std::string_view> channel_data) {
  std::string text =
      R"({"event":"pusher:subscribe","data":{"auth":)" + json_string(auth) + R"(,"channel":)" + json_string(channel);
  if (channel_data) text += R"(,"channel_data":)" + json_string(*channel_data);
  send_text(text + "}}");
}

std::string PusherClient::subscribe_and_wait(std::string_view channel, std::optional<std::string_view> channel_data) {
  subscribe(channel, channel_data);
  return next_text();
}

void PusherClient::unsubscribe(std::string_view channel) {
  send_text(R"({"event":"pusher:unsubscribe","data":{"channel":)" + json_string(channel) + "}}");
}

void PusherClient::sign_in(std::string_view user_data) {
  send_text(R"({"event":"pusher:signin","data":{"auth":)" + json_string(app_.user_auth(socket_id_, user_data)) +
            R"(,"user_data":)" + json_string(user_data) + "}}");
}

void PusherClient::sign_in_as(std::string_view user_id) {
  sign_in(R"({"id":)" + json_string(user_id) + "}");
  const std::string answer = next_text();
  if (!answer.starts_with(R"({"event":"pusher:signin_success")")) throw std::runtime_error("not signed in: " + answer);
}

void PusherClient::trigger(std::string_view event, std::string_view channel, std::string_view data) {
  send_text(R"({"event":)" + json_string(event) + R"(,"channel":)" + json_string(channel) + R"(,"data":)" +
            std::string(data) + "}");
}

std::string PusherClient::unexpected() {
  send_text(R"({"event":"pusher:ping","data":{}})");
  std::string text = next_text();
  return text == kPong ? std::string() : text;
}

}  // namespace fanfare::test
