// SpareBuffer: growing bytes with kSpareBytes behind the last.
#pragma once

#include <cstddef>
#include <memory>

#include "base/bytes.h"

namespace fanfare::http {

class SpareBuffer {
 public:
  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }
  MutableBytes bytes() noexcept { return {memory_.get(), size_}; }

  void append(ByteView bytes);
  // Room for `capacity` bytes in all without moving them.
  void reserve(std::size_t capacity);
  // Empty again; memory of more than `kept_bytes_max` is given back.
  void clear(std::size_t kept_bytes_max) noexcept;

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // the spare bytes come on top
};

}  // namespace fanfare::http
