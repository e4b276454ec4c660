// DeflateBudget: how much of its time a loop may spend on deflating, so that compression ends before latency suffers.
//
// Two rules: deflating takes a part of the time at most, and a loop that is busy with whatever it is does none.
//
// Thread: one loop.
#pragma once

#include <chrono>
#include <cstdint>

#include "base/clock.h"

namespace fanfare::session {

class DeflateBudget {
 public:
  using Microseconds = std::chrono::microseconds;

  // How much may be spent at once, as a time over which the budget is saved up.
  static constexpr std::chrono::milliseconds kSavedMax{50};
  // How often it is judged how busy the loop is.
  static constexpr std::chrono::milliseconds kWindow{100};

  // Percents of the loop's time, 1 to 100; 100 is no bound.
  DeflateBudget(std::uint32_t cpu_percent_max, std::uint32_t busy_percent_max, MonotonicTime now) noexcept;

  // Whether deflating is affordable. `busy`: how long the loop has been at work in all.
  bool is_open(MonotonicTime now, Microseconds busy) noexcept;
  // So long it took. May overdraw: then it is closed until that is made up for.
  void spend(Microseconds time) noexcept { left_us_ -= time.count(); }

 private:
  void refill(MonotonicTime now) noexcept;
  void judge(MonotonicTime now, Microseconds busy) noexcept;

  std::int64_t cpu_percent_max_;
  std::int64_t busy_percent_max_;
  std::int64_t saved_us_max_;
  std::int64_t left_us_;
  MonotonicTime refilled_;
  MonotonicTime window_start_;
  Microseconds busy_at_start_{};
  bool is_busy_ = false;
};

}  // namespace fanfare::session
