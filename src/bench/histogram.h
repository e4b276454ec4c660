// Histogram: how long things took, in bounded memory, with every figure within 0.8 % of the truth.
//
// Buckets are as HdrHistogram has them: each power of two is cut into 128 equal parts. 1 ns to 18 minutes take 35 kB.
//
// Thread: one. Cost: record() is a shift and two additions; it never allocates.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fanfare::bench {

class Histogram {
 public:
  static constexpr std::uint64_t kValueMax = (std::uint64_t{1} << 40U) - 1;  // nanoseconds; larger ones count as this

  Histogram() : counts_(kBuckets) {}

  void record(std::uint64_t value) noexcept;
  void add(const Histogram& other) noexcept;
  void clear() noexcept;

  std::uint64_t count() const noexcept { return count_; }
  std::uint64_t min() const noexcept { return count_ == 0 ? 0 : min_; }
  std::uint64_t max() const noexcept { return max_; }  // exact
  double mean() const noexcept;
  // The smallest value that `share` (0 … 1) of all recorded ones do not exceed, rounded up to the end of its bucket but
  // never above max(). 0 when nothing was recorded.
  std::uint64_t quantile(double share) const noexcept;

  struct Step {
    double share;         // of all recorded values …
    std::uint64_t value;  // … are at most this
  };
  // One for each bucket that holds something, from the smallest: the curve that a plot shows.
  std::vector<Step> steps() const;

 private:
  static constexpr unsigned kPartBits = 7;
  static constexpr std::size_t kParts = std::size_t{1} << kPartBits;
  static constexpr std::size_t kBuckets = (40 - kPartBits + 1) * kParts;

  static std::size_t bucket_of(std::uint64_t value) noexcept;
  static std::uint64_t end_of(std::size_t bucket) noexcept;  // its largest value

  std::vector<std::uint64_t> counts_;
  std::uint64_t count_ = 0;
  std::uint64_t min_ = kValueMax;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace fanfare::bench
