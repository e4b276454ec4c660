#include "gateway/window_limiter.h"

#include <algorithm>

namespace fanfare::gateway {

void WindowLimiter::make_room(MonotonicTime now) {
  if (windows_.size() < keys_max_) return;
  std::erase_if(windows_, [&](const auto& entry) { return is_over(entry.second, now); });
  if (windows_.size() < keys_max_) return;
  windows_.erase(windows_.begin());
  dropped_.add();
}

WindowLimiter::Take WindowLimiter::take(std::string_view key, MonotonicTime now) {
  if (!is_limited()) return {};
  auto found = windows_.find(std::string(key));
  if (found == windows_.end()) {
    make_room(now);
    found = windows_.emplace(std::string(key), Window{.begin = now, .used = 0}).first;
  }
  Window& window = found->second;
  if (is_over(window, now)) window = {.begin = now, .used = 0};
  if (window.used < limit_) {
    ++window.used;
    return {.allowed = true, .remaining = limit_ - window.used};
  }
  const auto left = std::chrono::ceil<std::chrono::seconds>(window.begin + window_ - now);
  return {.allowed = false, .remaining = 0, .retry_after = std::max(left, std::chrono::seconds(1))};
}

std::uint32_t WindowLimiter::least_remaining(MonotonicTime now) const {
  std::uint32_t least = limit_;
  for (const auto& [key, window] : windows_) {
    if (!is_over(window, now)) least = std::min(least, limit_ - window.used);
  }
  return least;
}

}  // namespace fanfare::gateway
