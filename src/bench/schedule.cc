#include "bench/schedule.h"

namespace fanfare::bench {

std::uint64_t Schedule::count_before(Nanoseconds end) const noexcept {
  if (end <= start_) return 0;
  auto count = static_cast<std::uint64_t>(static_cast<double>(end - start_) / period_);
  // The division may be off by one either way.
  while (count > 0 && due(count - 1) >= end) --count;
  while (due(count) < end) ++count;
  return count;
}

}  // namespace fanfare::bench
