// TokenBucket: so many a second, with a burst of one second's worth.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace fanfare {

// Thread: one. Cost: 16 bytes, no timer.
class TokenBucket {
 public:
  // Takes one of `per_second` places; false when they are used up. 0 means no limit.
  bool try_take(std::uint32_t per_second, MonotonicTime now) noexcept {
    if (per_second == 0) return true;
    const auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    const std::int64_t full = std::int64_t{per_second} * kUnit;
    if (last_ms_ == 0) {
      tokens_ = full;
    } else {
      const std::int64_t elapsed_ms = std::clamp<std::int64_t>(now_ms - last_ms_, 0, kUnit);
      tokens_ = std::min(full, tokens_ + elapsed_ms * per_second);
    }
    last_ms_ = now_ms;
    if (tokens_ < kUnit) return false;
    tokens_ -= kUnit;
    return true;
  }

 private:
  static constexpr std::int64_t kUnit = 1000;  // one event, in thousandths: a millisecond earns per_second of them
  std::int64_t tokens_ = 0;
  std::int64_t last_ms_ = 0;
};

}  // namespace fanfare
