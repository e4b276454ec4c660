// What a client sends over its connection, decoded. Source: REF 1.6, 3.3, 3.10, 5, 6.1
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"

namespace fanfare::pusher {

struct SubscribeCommand {
  std::string_view channel;                      // not validated
  std::optional<std::string_view> auth;          // pusher-js sends "" on public channels
  std::optional<std::string_view> channel_data;  // the string's content, which is what was signed
};
struct UnsubscribeCommand {
  std::string_view channel;
};
struct PingCommand {};
struct PongCommand {};
struct SigninCommand {
  std::string_view auth;
  std::string_view user_data;  // the string's content, which is what was signed
};

// The data of an event, both as it came and as it counts.
struct EventData {
  std::string_view token;  // as received; spliced into the outgoing frame if it is a string
  std::string_view text;   // the decoded string, or the compact JSON of anything else: what receivers see as the string
  bool is_string = true;

  std::size_t bytes() const noexcept { return text.size(); }  // counted against Limits::event_data_bytes_max
};

struct ClientEvent {
  std::string_view event;
  std::string_view event_token;  // as received, with quotes
  std::string_view channel;      // not validated
  EventData data;
};
// Neither a command nor a client event.
struct UnknownEvent {
  std::string_view event;
};

using InboundEvent = std::variant<SubscribeCommand, UnsubscribeCommand, PingCommand, PongCommand, SigninCommand,
                                  ClientEvent, UnknownEvent>;

// Decodes one message. All views stay valid until the next call on this thread, as far as `message` does.
// `data` of a command may be an object or a string that holds one.
// Fails: kInvalid with the text for a pusher:error (code null) as the hosted service words it; the connection stays
// open.
Result<InboundEvent> decode_inbound_event(std::string_view message);

// Appends the data token of the outgoing event: the received one for a string, else the compact JSON, as a string or,
// with `keep_objects` (a compatibility switch), as it is.
void append_data_token(std::string& out, const EventData& data, bool keep_objects = false);

// "Unsupported event received on socket: <event>"
std::string unsupported_event_message(std::string_view event);

}  // namespace fanfare::pusher
