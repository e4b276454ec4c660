// Dates as HTTP writes them (IMF-fixdate, RFC 9110 section 5.6.7).
#pragma once

#include <cstddef>
#include <string_view>

#include "base/clock.h"

namespace fanfare::http {

inline constexpr std::size_t kImfDateChars = 29;  // "Sun, 06 Nov 1994 08:49:37 GMT"

// Writes the date into `to`, which has room for kImfDateChars.
void write_imf_date(WallTime time, char* to) noexcept;

// The text of the last second asked for.
// Thread: one.
class DateCache {
 public:
  // Valid until the next call.
  std::string_view at(WallTime now) noexcept;

 private:
  std::chrono::sys_seconds second_ = std::chrono::sys_seconds::min();
  char text_[kImfDateChars] = {};
};

}  // namespace fanfare::http
