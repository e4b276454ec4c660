#include "base/spare_buffer.h"

#include <algorithm>
#include <cstring>

namespace fanfare {

void SpareBuffer::append(ByteView bytes, std::uint64_t size_max) {
  if (bytes.empty()) return;
  const std::size_t needed = size_ + bytes.size();
  if (needed > capacity_) {
    const std::uint64_t generous = std::max(2 * capacity_, kKiB);
    reserve(std::max(needed, static_cast<std::size_t>(std::min(size_max, generous))));
  }
  std::memcpy(memory_.get() + size_, bytes.data(), bytes.size());
  size_ = needed;
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

}  // namespace fanfare
