#include "cli/event_line.h"

#include <chrono>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/terminal_text.h"
#include "json/json_reader.h"
#include "json/json_writer.h"

namespace fanfare::cli {

std::string time_text(WallTime time) {
  const auto since_epoch = std::chrono::floor<std::chrono::milliseconds>(time.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since_epoch);
  const std::time_t unix_s = seconds.count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(unix_s), (since_epoch - seconds).count());
}

std::string line_of(const ReceivedEvent& event, WallTime time) {
  std::string line = time_text(time) + "  ";
  append_printable(line, event.channel.empty() ? "-" : event.channel);
  line += "  ";
  append_printable(line, event.event);
  line += "  ";
  append_printable(line, event.data);
  if (!event.user_id.empty()) line += "  (user " + printable(event.user_id) + ")";
  return line;
}

std::string json_line_of(const ReceivedEvent& event, WallTime time) {
  std::string line;
  json::Writer writer(line);
  writer.begin_object().key("time").string(time_text(time));
  if (!event.channel.empty()) writer.key("channel").string(event.channel);
  writer.key("event").string(event.event);
  // Compact: a token may hold line breaks between its parts.
  if (!event.data_token.empty()) writer.key("data").raw(json::compact(event.data_token));
  if (!event.user_id.empty()) writer.key("user_id").string(event.user_id);
  writer.end_object();
  return line;
}

}  // namespace fanfare::cli
