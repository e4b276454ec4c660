#include "session/deflate_budget.h"

#include <algorithm>

namespace fanfare::session {

namespace {

constexpr std::int64_t kAll = 100;

std::int64_t us_between(MonotonicTime from, MonotonicTime to) noexcept {
  return std::chrono::duration_cast<std::chrono::microseconds>(to - from).count();
}

}  // namespace

DeflateBudget::DeflateBudget(std::uint32_t cpu_percent_max, std::uint32_t busy_percent_max, MonotonicTime now) noexcept
    : cpu_percent_max_(cpu_percent_max),
      busy_percent_max_(busy_percent_max),
      saved_us_max_(Microseconds(kSavedMax).count() * cpu_percent_max / kAll),
      left_us_(saved_us_max_),
      refilled_(now),
      window_start_(now) {}

bool DeflateBudget::is_open(MonotonicTime now, Microseconds busy) noexcept {
  refill(now);
  judge(now, busy);
  const bool is_affordable = left_us_ > 0 || cpu_percent_max_ >= kAll;
  return is_affordable && (!is_busy_ || busy_percent_max_ >= kAll);
}

void DeflateBudget::refill(MonotonicTime now) noexcept {
  const std::int64_t earned_us = us_between(refilled_, now) * cpu_percent_max_ / kAll;
  if (earned_us <= 0) return;
  // Only the time that whole microseconds were earned in; the rest goes on counting.
  refilled_ += Microseconds(earned_us * kAll / cpu_percent_max_);
  left_us_ = std::min(left_us_ + earned_us, saved_us_max_);
}

void DeflateBudget::judge(MonotonicTime now, Microseconds busy) noexcept {
  if (now - window_start_ < kWindow) return;
  is_busy_ = (busy - busy_at_start_).count() * kAll > us_between(window_start_, now) * busy_percent_max_;
  window_start_ = now;
  busy_at_start_ = busy;
}

}  // namespace fanfare::session
