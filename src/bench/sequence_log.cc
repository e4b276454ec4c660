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

std::uint64_t SequenceLog::missing(std::uint64_t first) const noexcept {
  std::uint64_t count = 0;
  if (missing_ != nullptr) {
    for (const Range& range : *missing_) count += range.end - std::clamp(first, range.begin, range.end);
  }
  return count;
}

std::uint64_t SequenceLog::lost(std::uint64_t first, std::uint64_t end) const noexcept {
  const std::uint64_t never_reached = std::max(first, next_);
  return missing(first) + (end > never_reached ? end - never_reached : 0);
}

}  // namespace fanfare::bench
