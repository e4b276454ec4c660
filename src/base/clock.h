// Clock: the two times that the program knows. Tests put a ManualClock (tests/support) in its place.
#pragma once

#include <chrono>

namespace fanfare {

using MonotonicTime = std::chrono::steady_clock::time_point;  // for durations and deadlines
using WallTime = std::chrono::system_clock::time_point;       // for what people and protocols see

class Clock {
 public:
  Clock() = default;
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;
  virtual ~Clock() = default;

  virtual MonotonicTime monotonic() const = 0;
  virtual WallTime wall() const = 0;
};

// Thread: any.
class SystemClock final : public Clock {
 public:
  MonotonicTime monotonic() const override { return std::chrono::steady_clock::now(); }
  WallTime wall() const override { return std::chrono::system_clock::now(); }
};

}  // namespace fanfare
