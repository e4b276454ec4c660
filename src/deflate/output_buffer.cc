#include "deflate/output_buffer.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace fanfare::deflate {

namespace {

constexpr std::size_t kKeptBytesMax = 64 * kKiB;

}  // namespace

void OutputBuffer::start(std::size_t capacity, std::size_t spare) {
  size_ = 0;
  const bool is_oversized = capacity_ > kKeptBytesMax && capacity <= kKeptBytesMax;
  if (data_ != nullptr && capacity <= capacity_ && spare <= spare_ && !is_oversized) return;
  spare_ = spare;
  allocate(capacity);
}

void OutputBuffer::grow(std::size_t capacity) {
  if (capacity <= capacity_) return;
  const std::unique_ptr<std::uint8_t[]> old = std::move(data_);
  allocate(capacity);
  if (size_ != 0) std::memcpy(data_.get(), old.get(), size_);
}

void OutputBuffer::allocate(std::size_t capacity) {
  data_.reset(new std::uint8_t[capacity + spare_]);  // not zeroed
  std::fill_n(data_.get() + capacity, spare_, std::uint8_t{0});
  capacity_ = capacity;
}

}  // namespace fanfare::deflate
