// BusyMeter: whether a loop spent more than half of the last while at work.
//
// Thread: one loop.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace fanfare::net {

class BusyMeter {
 public:
  static constexpr std::chrono::milliseconds kWindow{100};

  explicit BusyMeter(MonotonicTime now) noexcept : window_start_(now) {}

  // `length` of work has ended.
  void add(MonotonicTime::duration length) noexcept { busy_ += length; }
  // To be called with every turn. Judges the window when it is over: a sleep that outlasts it makes the loop idle.
  void roll(MonotonicTime now) noexcept {
    const MonotonicTime::duration window = now - window_start_;
    if (window < kWindow) return;
    is_busy_ = 2 * busy_ > window;
    busy_ = {};
    window_start_ = now;
  }

  bool is_busy() const noexcept { return is_busy_; }

 private:
  MonotonicTime window_start_;
  MonotonicTime::duration busy_{};
  bool is_busy_ = false;
};

}  // namespace fanfare::net
