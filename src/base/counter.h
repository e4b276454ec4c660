// Counters that one loop writes and the metrics page reads.
//
// Thread: one thread writes; any thread reads, relaxed, and may see a slightly older value.
// Cost:   a plain load and store; no locked instruction.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace fanfare {

class Counter {
 public:
  void add(std::uint64_t amount = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

class Gauge {
 public:
  void set(std::int64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void add(std::int64_t amount) noexcept { set(value() + amount); }
  std::int64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> value_{0};
};

// Durations by powers of two of a microsecond: bucket i counts those of at most 2^i µs; the last one has no upper
// bound.
class DurationHistogram {
 public:
  static constexpr std::size_t kBuckets = 26;  // up to 2^24 µs, about 17 s, and beyond

  void record_us(std::uint64_t microseconds) noexcept {
    const std::size_t bucket = microseconds <= 1 ? 0 : std::bit_width(microseconds - 1);
    buckets_[bucket < kBuckets ? bucket : kBuckets - 1].add();
    sum_us_.add(microseconds);
  }
  std::uint64_t bucket(std::size_t index) const noexcept { return buckets_[index].value(); }
  std::uint64_t sum_us() const noexcept { return sum_us_.value(); }

 private:
  std::array<Counter, kBuckets> buckets_;
  Counter sum_us_;
};

}  // namespace fanfare
