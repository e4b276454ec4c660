#include "bench/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fanfare::bench {

std::size_t Histogram::bucket_of(std::uint64_t value) noexcept {
  // Values below kParts have a bucket each; above, the leading kPartBits + 1 bits name the bucket.
  const auto width = static_cast<unsigned>(std::bit_width(value));
  if (width <= kPartBits) return value;
  const unsigned shift = width - kPartBits - 1;
  return (std::size_t{shift} << kPartBits) + (value >> shift);
}

std::uint64_t Histogram::end_of(std::size_t bucket) noexcept {
  if (bucket < 2 * kParts) return bucket;
  const std::size_t shift = (bucket >> kPartBits) - 1;
  const std::uint64_t leading = bucket - (shift << kPartBits);
  return ((leading + 1) << shift) - 1;
}

void Histogram::record(std::uint64_t value) noexcept {
  value = std::min(value, kValueMax);
  ++counts_[bucket_of(value)];
  ++count_;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::add(const Histogram& other) noexcept {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

void Histogram::clear() noexcept {
  std::ranges::fill(counts_, 0);
  count_ = 0;
  min_ = kValueMax;
  max_ = 0;
  sum_ = 0;
}

double Histogram::mean() const noexcept { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

std::uint64_t Histogram::quantile(double share) const noexcept {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += counts_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) return std::min(end_of(i), max_);
  }
  return max_;
}

std::vector<Histogram::Step> Histogram::steps() const {
  std::vector<Step> steps;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    if (counts_[i] == 0) continue;
    seen += counts_[i];
    steps.push_back({static_cast<double>(seen) / static_cast<double>(count_), std::min(end_of(i), max_)});
  }
  return steps;
}

}  // namespace fanfare::bench
