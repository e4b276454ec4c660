// How a log line reads, apart from time and level, which the writer puts in front.
//
//   text: net: listening address=127.0.0.1:6001 loops=2 note="two words"
//   JSON: "module":"net","message":"listening","address":"127.0.0.1:6001","loops":2
//
// A line stays one line, whatever the values hold: control characters are escaped.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "base/log.h"

namespace fanfare {

std::string text_log_line(std::string_view module, std::string_view message, std::initializer_list<LogField> fields);

// The members of a JSON object, without its braces. What is not UTF-8 is replaced by U+FFFD.
std::string json_log_members(std::string_view module, std::string_view message, std::initializer_list<LogField> fields);

}  // namespace fanfare
