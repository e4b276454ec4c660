// An event that `fanfare listen` received, and the line that it becomes. Pure.
#pragma once

#include <string>

#include "base/clock.h"

namespace fanfare::cli {

struct ReceivedEvent {
  std::string event{};
  std::string channel{};     // empty: it belongs to the connection
  std::string data{};        // the decoded string, or the compact JSON of anything else
  std::string data_token{};  // as received; empty: there was none
  std::string user_id{};     // who sent a client event in a presence channel; empty: not told
};

// "2026-11-24T15:52:59.123Z", in UTC.
std::string time_text(WallTime time);

// "<time>  <channel>  <event>  <data>", and "  (user <id>)" where it is told. Always one line: control characters are
// spelled out.
std::string line_of(const ReceivedEvent& event, WallTime time);
// {"time":"…","channel":"…","event":"…","data":<as received>,"user_id":"…"}; what there is not is left out.
std::string json_line_of(const ReceivedEvent& event, WallTime time);

}  // namespace fanfare::cli
