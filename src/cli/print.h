// What the commands say: answers on standard output, the rest on standard error; and the statuses that they exit with.
#pragma once

#include <string_view>

#include "base/error.h"

namespace fanfare::cli {

inline constexpr int kFailedStatus = 1;  // the server refused, or there is none
inline constexpr int kUsageStatus = 2;   // the command line or the configuration is wrong

// One line on standard output, out at once.
void print_line(std::string_view text);
// One line on standard error, behind "fanfare: ".
void print_note(std::string_view text);
// The same for an error; returns `status`.
int fail(const Error& error, int status);

}  // namespace fanfare::cli
