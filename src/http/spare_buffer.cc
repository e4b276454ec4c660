#include "http/spare_buffer.h"

#include <algorithm>
#include <cstring>

namespace fanfare::http {

void SpareBuffer::append(ByteView bytes) {
  if (bytes.empty()) return;
  if (size_ + bytes.size() > capacity_) reserve(std::max({size_ + bytes.size(), 2 * capacity_, std::size_t{1024}}));
  std::memcpy(memory_.get() + size_, bytes.data(), bytes.size());
  size_ += bytes.size();
}

void SpareBuffer::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  auto larger = std::make_unique_for_overwrite<std::uint8_t[]>(capacity + kSpareBytes);
  std::memset(larger.get() + capacity, 0, kSpareBytes);
  if (size_ > 0) std::memcpy(larger.get(), memory_.get(), size_);
  memory_ = std::move(larger);
  capacity_ = capacity;
}

void SpareBuffer::clear(std::size_t kept_bytes_max) noexcept {
  size_ = 0;
  if (capacity_ <= kept_bytes_max) return;
  memory_.reset();
  capacity_ = 0;
}

}  // namespace fanfare::http
