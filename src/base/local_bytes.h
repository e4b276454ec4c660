// LocalSlice: what a send queue holds. Bytes whose share count is plain, not atomic, because one loop owns all the
// slices.
//
// Delivering an event to a thousand subscribers of a loop takes one atomic reference (the SharedBytes inside the node)
// and a thousand plain increments.
//
// Thread: a LocalBytes and all its copies live and die on one thread.
#pragma once

#include <cstdint>
#include <utility>

#include "base/shared_bytes.h"

namespace fanfare {

class LocalBytes {
 public:
  LocalBytes() = default;
  explicit LocalBytes(SharedBytes chunk) : node_(new Node{1, std::move(chunk)}) {}
  LocalBytes(const LocalBytes& other) noexcept : node_(other.node_) {
    if (node_ != nullptr) ++node_->shares;
  }
  LocalBytes(LocalBytes&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  LocalBytes& operator=(LocalBytes other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~LocalBytes() {
    if (node_ != nullptr && --node_->shares == 0) destroy(node_);
  }

  explicit operator bool() const noexcept { return node_ != nullptr; }
  const std::uint8_t* data() const noexcept { return node_->chunk.data(); }
  const SharedBytes& chunk() const noexcept { return node_->chunk; }
  // For the one owner that fills the chunk; the caller checked its room().
  void append(ByteView bytes) noexcept { node_->chunk.append(bytes); }
  // Whether both stand for the same memory, so that adjacent slices can be joined.
  bool is_same_chunk(const LocalBytes& other) const noexcept {
    return node_ == other.node_ ||
           (node_ != nullptr && other.node_ != nullptr && node_->chunk.is_same_chunk(other.node_->chunk));
  }

 private:
  struct Node {
    std::uint32_t shares;
    SharedBytes chunk;
  };
  // Out of line: where several shares end in one function, g++ 12 inlines the count and warns of a use after the
  // delete.
  [[gnu::noinline]] static void destroy(Node* node) noexcept { delete node; }

  Node* node_ = nullptr;
};

// 16 bytes: the unit of every send queue.
struct LocalSlice {
  LocalBytes bytes;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  LocalSlice() = default;
  LocalSlice(LocalBytes owner, std::uint32_t from, std::uint32_t to) : bytes(std::move(owner)), begin(from), end(to) {}
  explicit LocalSlice(BytesSlice slice) : bytes(std::move(slice.chunk)), begin(slice.begin), end(slice.end) {}
  // A slice of its own for bytes that only one connection gets.
  static LocalSlice copy_of(ByteView view) {
    return {LocalBytes(SharedBytes::copy_of(view)), 0, static_cast<std::uint32_t>(view.size())};
  }

  std::size_t size() const noexcept { return end - begin; }
  ByteView view() const noexcept { return {bytes.data() + begin, size()}; }
};

}  // namespace fanfare
