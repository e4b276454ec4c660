// OutputBuffer: memory that a compressor writes into, call after call. It keeps what small results need and gives the
// rest back when the next one begins.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace fanfare::deflate {

class OutputBuffer {
 public:
  // Empties it, with room for `capacity` bytes at least and `spare` readable ones behind them.
  void start(std::size_t capacity, std::size_t spare = 0);
  // Room for `capacity` bytes at least; what was written stays.
  void grow(std::size_t capacity);

  MutableBytes room() noexcept { return {data_.get() + size_, capacity_ - size_}; }
  void commit(std::size_t bytes) noexcept { size_ += bytes; }

  std::size_t size() const noexcept { return size_; }
  std::size_t capacity() const noexcept { return capacity_; }
  MutableBytes bytes() noexcept { return {data_.get(), size_}; }

 private:
  void allocate(std::size_t capacity);

  std::unique_ptr<std::uint8_t[]> data_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;  // without the spare bytes
  std::size_t spare_ = 0;
};

}  // namespace fanfare::deflate
