// Schedule: when each event of an open-loop load is due. Pure.
//
// An open loop sends at its times whether or not the server keeps up; a latency counts from the time that an event was
// due. So a server that stalls for a second is seen to be late for every event of that second, and not, as with a
// generator that waits for answers, for a single one ("coordinated omission").
#pragma once

#include <cstdint>

namespace fanfare::bench {

using Nanoseconds = std::int64_t;  // of the monotonic clock, or a difference
inline constexpr Nanoseconds kNanosecondsInASecond = 1'000'000'000;

class Schedule {
 public:
  // REQUIRES: rate > 0, an event count a second.
  Schedule(Nanoseconds start, double rate) noexcept : start_(start), period_(1e9 / rate) {}

  // When event `index` is due; without an error that adds up.
  Nanoseconds due(std::uint64_t index) const noexcept {
    return start_ + static_cast<Nanoseconds>(static_cast<double>(index) * period_);
  }
  // How many events are due before `end`.
  std::uint64_t count_before(Nanoseconds end) const noexcept;

 private:
  Nanoseconds start_;
  double period_;
};

}  // namespace fanfare::bench
