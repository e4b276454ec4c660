// SpareBuffer: growing bytes with kSpareBytes behind the last. Thread: one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include "base/bytes.h"

namespace fanfare {

class SpareBuffer {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  MutableBytes bytes() noexcept { return {memory_.get(), size_}; }

  // How many bytes behind the last may be read and written.
  std::size_t spare() const noexcept { return memory_ == nullptr ? 0 : capacity_ - size_ + kSpareBytes; }

  // `size_max`: the size after which no more is foreseen, so that the memory need not be larger.
  void append(ByteView bytes, std::uint64_t size_max = std::numeric_limits<std::uint64_t>::max());
  // Room for `capacity` bytes in all without moving them.
  void reserve(std::size_t capacity);
  // Empty again; memory of more than `kept_bytes_max` is given back.
  void clear(std::size_t kept_bytes_max) noexcept;

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // the spare bytes come on top
};

}  // namespace fanfare
