#include "bench/sequence_log.h"

#include <algorithm>

namespace fanfare::bench {

SequenceLog::Arrival SequenceLog::record_out_of_order(std::uint64_t sequence) {
  if (missing_ == nullptr) missing_ = std::make_unique<std::vector<Range>>();
  std::vector<Range>& ranges = *missing_;
  if (sequence > next_) {
    ranges.push_back({next_, sequence});
    next_ = sequence + 1;
    return Arrival::kInOrder;
  }
  const auto range = std::ranges::upper_bound(ranges, sequence, {}, &Range::end);
  if (range == ranges.end() || sequence < range->begin) return Arrival::kDoubled;
  const Range behind{sequence + 1, range->end};
  range->end = sequence;
  if (range->begin == range->end) {
    if (behind.begin == behind.end) {
      ranges.erase(range);
    } else {
      *range = behind;
    }
  } else if (behind.begin != behind.end) {
    ranges.insert(range + 1, behind);
  }
  return Arrival::kReordered;
}

std::uint64_t SequenceLog::missing() const noexcept {
  std::uint64_t count = 0;
  if (missing_ != nullptr) {
    for (const Range& range : *missing_) count += range.end - range.begin;
  }
  return count;
}

std::uint64_t SequenceLog::lost(std::uint64_t sent) const noexcept {
  return missing() + (sent > next_ ? sent - next_ : 0);
}

}  // namespace fanfare::bench
