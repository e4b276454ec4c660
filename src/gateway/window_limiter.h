// WindowLimiter: so many requests in a window for each key (a user, an address), counted from the key's first one.
//
// Thread: one loop. Bound: `keys_max` keys; above it those whose window is over go, and if none is, an arbitrary one,
//         which is counted: that key begins a new window.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/counter.h"

namespace fanfare::gateway {

class WindowLimiter {
 public:
  static constexpr std::size_t kKeysMax = 100'000;

  struct Take {
    bool allowed = true;
    std::uint32_t remaining = 0;          // in this window
    std::chrono::seconds retry_after{0};  // until the next window, rounded up; when not allowed
  };

  // `limit` 0: everything is allowed.
  WindowLimiter(std::uint32_t limit, std::chrono::seconds window, Counter& dropped, std::size_t keys_max = kKeysMax)
      : limit_(limit), window_(window), dropped_(dropped), keys_max_(keys_max) {}

  Take take(std::string_view key, MonotonicTime now);
  bool is_limited() const noexcept { return limit_ != 0; }
  std::uint32_t limit() const noexcept { return limit_; }
  // What the key with the least left has left. Costs a walk over all keys.
  std::uint32_t least_remaining(MonotonicTime now) const;

 private:
  struct Window {
    MonotonicTime begin{};
    std::uint32_t used = 0;
  };
  bool is_over(const Window& window, MonotonicTime now) const { return now - window.begin >= window_; }
  void make_room(MonotonicTime now);

  std::uint32_t limit_;
  std::chrono::seconds window_;
  Counter& dropped_;
  std::size_t keys_max_;
  std::unordered_map<std::string, Window> windows_;
};

}  // namespace fanfare::gateway
