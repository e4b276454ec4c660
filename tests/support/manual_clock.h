// ManualClock: time that stands still until a test moves it.
#pragma once

#include <chrono>

#include "base/clock.h"

namespace fanfare {

class ManualClock final : public Clock {
 public:
  MonotonicTime monotonic() const override { return monotonic_; }
  WallTime wall() const override { return wall_; }

  // Moves both times.
  void advance(std::chrono::nanoseconds amount) {
    monotonic_ += std::chrono::duration_cast<MonotonicTime::duration>(amount);
    wall_ += std::chrono::duration_cast<WallTime::duration>(amount);
  }
  void set_wall(WallTime wall) { wall_ = wall; }

 private:
  MonotonicTime monotonic_{std::chrono::hours(1)};
  WallTime wall_{std::chrono::seconds(1'700'000'000)};
};

}  // namespace fanfare
