#include "base/shared_bytes.h"

#include <cstring>
#include <limits>
#include <new>

#include "base/assert.h"

namespace fanfare {

SharedBytes SharedBytes::with_capacity(std::size_t capacity) {
  FANFARE_ASSERT(capacity <= std::numeric_limits<std::uint32_t>::max());
  void* memory = ::operator new(sizeof(Chunk) + capacity);
  return SharedBytes(::new (memory)
                         Chunk{.references = 1, .capacity = static_cast<std::uint32_t>(capacity), .size = 0});
}

SharedBytes SharedBytes::copy_of(ByteView bytes) {
  SharedBytes chunk = with_capacity(bytes.size());
  chunk.append(bytes);
  return chunk;
}

void SharedBytes::append(ByteView bytes) noexcept {
  FANFARE_DEBUG_ASSERT(bytes.size() <= room());
  if (bytes.empty()) return;
  std::memcpy(chunk_->bytes() + chunk_->size, bytes.data(), bytes.size());
  chunk_->size += static_cast<std::uint32_t>(bytes.size());
}

void SharedBytes::drop() noexcept {
  if (chunk_ == nullptr) return;
  if (chunk_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    chunk_->~Chunk();
    ::operator delete(chunk_);
  }
  chunk_ = nullptr;
}

}  // namespace fanfare
