#include "core/app.h"

#include <algorithm>

namespace fanfare::core {

bool AppUsage::try_take_publishes(std::uint32_t count, std::uint32_t per_second, std::int64_t now_ms) noexcept {
  if (per_second == 0) return true;
  constexpr std::int64_t kSecondUs = 1'000'000;
  const std::int64_t now_us = now_ms * 1000;
  const std::int64_t cost_us = kSecondUs * count / per_second;
  std::int64_t used = publish_used_until_us_.load(std::memory_order_relaxed);
  for (;;) {
    const std::int64_t next = std::max(used, now_us) + cost_us;
    // One batch that is larger than a second's worth passes when nothing was published of late; else it never could.
    if (next > now_us + kSecondUs && used > now_us) return false;
    if (publish_used_until_us_.compare_exchange_weak(used, next, std::memory_order_relaxed)) return true;
  }
}

}  // namespace fanfare::core
