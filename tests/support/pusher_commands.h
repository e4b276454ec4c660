// The messages that clients of Pusher Channels send, signed with the app's secret; whatever carries them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/test_app.h"

namespace fanfare::test {

// Out of connection_established. Throws std::runtime_error when it is none.
std::string socket_id_of(const std::string& established);
// Where clients of the app connect to.
std::string connect_target(const TestApp& app, int protocol = 7);

// Signed where the channel needs it.
std::string subscribe_command(const TestApp& app, std::string_view socket_id, std::string_view channel,
                              std::optional<std::string_view> channel_data = std::nullopt);
std::string subscribe_command_with(std::string_view auth, std::string_view channel,
                                   std::optional<std::string_view> channel_data = std::nullopt);
std::string unsubscribe_command(std::string_view channel);
std::string signin_command(const TestApp& app, std::string_view socket_id, std::string_view user_data);
// `data`: any JSON.
std::string trigger_command(std::string_view event, std::string_view channel, std::string_view data);
inline constexpr std::string_view kPingCommand = R"({"event":"pusher:ping","data":{}})";
inline constexpr std::string_view kPongEvent = R"({"event":"pusher:pong","data":"{}"})";

}  // namespace fanfare::test
