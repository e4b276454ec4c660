// SequenceLog: which numbers of one stream one receiver has seen, exactly: lost, doubled, reordered.
//
// Thread: one.
// Cost:   what arrives in order is one comparison and takes no memory; each run of missing numbers takes 16 bytes, so
//         that at most half as many runs exist as numbers arrived.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace fanfare::bench {

class SequenceLog {
 public:
  enum class Arrival : std::uint8_t { kInOrder, kReordered, kDoubled };

  // A delivery of number `sequence`, the first being 0. kReordered: a higher one was here before.
  Arrival record(std::uint64_t sequence) {
    if (sequence == next_) [[likely]] {
      ++next_;
      return Arrival::kInOrder;
    }
    return record_out_of_order(sequence);
  }

  // Distinct numbers that arrived.
  std::uint64_t received() const noexcept { return next_ - missing(0); }
  // Of the numbers first … end − 1 those that did not arrive.
  std::uint64_t lost(std::uint64_t first, std::uint64_t end) const noexcept;

 private:
  struct Range {
    std::uint64_t begin;
    std::uint64_t end;  // not in it
  };

  Arrival record_out_of_order(std::uint64_t sequence);
  // Of those below next_ and from `first` on.
  std::uint64_t missing(std::uint64_t first) const noexcept;

  std::uint64_t next_ = 0;                       // above all that arrived
  std::unique_ptr<std::vector<Range>> missing_;  // below next_, ascending; null: none ever was
};

}  // namespace fanfare::bench
