// PusherClient: a WsClient that speaks Pusher Channels protocol 7 and signs for itself with the app's secret.
//
// Thread: one at a time.
// Fails:  as WsClient.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/pusher_commands.h"
#include "support/test_app.h"
#include "support/ws_client.h"

namespace fanfare::test {

class PusherClient : public WsClient {
 public:
  // Connects, and waits for connection_established.
  PusherClient(std::uint16_t port, TestApp app, const WsOptions& options = {}, int protocol = 7);

  const std::string& socket_id() const noexcept { return socket_id_; }
  // The first message, as it came.
  const std::string& established() const noexcept { return established_; }

  // Sends the command, signed where the channel needs it.
  void subscribe(std::string_view channel, std::optional<std::string_view> channel_data = std::nullopt);
  // The same with this `auth`, whatever the channel is.
  void subscribe_with(std::string_view auth, std::string_view channel,
                      std::optional<std::string_view> channel_data = std::nullopt);
  // subscribe(), and the answer.
  std::string subscribe_and_wait(std::string_view channel, std::optional<std::string_view> channel_data = std::nullopt);
  void unsubscribe(std::string_view channel);
  void sign_in(std::string_view user_data);
  // signs in as {"id":…}, and waits for signin_success.
  void sign_in_as(std::string_view user_id);
  // `data`: any JSON.
  void trigger(std::string_view event, std::string_view channel, std::string_view data);
  // Empty: nothing came before the answer to a ping that is sent now; else what did.
  std::string unexpected();

 private:
  TestApp app_;
  std::string established_;
  std::string socket_id_;
};

}  // namespace fanfare::test
