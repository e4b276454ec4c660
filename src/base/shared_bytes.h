// SharedBytes: counted memory that is written once and then read by any number of send queues on any loop.
//
// A chunk has a fixed capacity and is filled from the front by one owner. A byte never changes after a view of it was
// handed out, so readers on other loops need no lock: they learn of a range through a mailbox, which orders the memory.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

#include "base/bytes.h"

namespace fanfare {

class SharedBytes {
 public:
  SharedBytes() = default;

  // An empty chunk with room for `capacity` bytes (at most 4 GiB − 1).
  static SharedBytes with_capacity(std::size_t capacity);
  // A chunk that holds exactly `bytes`.
  static SharedBytes copy_of(ByteView bytes);

  SharedBytes(const SharedBytes& other) noexcept : chunk_(other.chunk_) {
    if (chunk_ != nullptr) chunk_->references.fetch_add(1, std::memory_order_relaxed);
  }
  SharedBytes(SharedBytes&& other) noexcept : chunk_(std::exchange(other.chunk_, nullptr)) {}
  SharedBytes& operator=(SharedBytes other) noexcept {
    std::swap(chunk_, other.chunk_);
    return *this;
  }
  ~SharedBytes() { drop(); }

  explicit operator bool() const noexcept { return chunk_ != nullptr; }
  const std::uint8_t* data() const noexcept { return chunk_->bytes(); }
  std::size_t size() const noexcept { return chunk_->size; }
  std::size_t room() const noexcept { return chunk_->capacity - chunk_->size; }
  bool is_same_chunk(const SharedBytes& other) const noexcept { return chunk_ == other.chunk_; }

  // For the one owner that fills the chunk: `bytes` go behind what is there. The caller checked room().
  void append(ByteView bytes) noexcept;
  void append(std::string_view text) noexcept { append(as_bytes(text)); }

 private:
  struct Chunk {
    std::atomic<std::uint32_t> references;
    std::uint32_t capacity;
    std::uint32_t size;  // read and written by the filling owner only
    std::uint8_t* bytes() noexcept { return reinterpret_cast<std::uint8_t*>(this + 1); }
  };

  explicit SharedBytes(Chunk* chunk) : chunk_(chunk) {}
  void drop() noexcept;

  Chunk* chunk_ = nullptr;
};

// A range of a chunk, with a share in it.
struct BytesSlice {
  SharedBytes chunk;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  std::size_t size() const noexcept { return end - begin; }
  ByteView view() const noexcept { return {chunk.data() + begin, size()}; }
};

}  // namespace fanfare
