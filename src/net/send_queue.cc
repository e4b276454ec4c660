#include "net/send_queue.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "base/assert.h"

namespace fanfare::net {

namespace {
constexpr std::uint32_t kFirstRing = 4;
constexpr std::uint32_t kFramesMax = (1U << 31U) - 1;
// Chunks of queue_copy() grow with what follows each other, between these.
constexpr std::size_t kOwnChunkMin = 512;
constexpr std::size_t kOwnChunkMax = 16UL * 1024;
}  // namespace

SendQueue::Entry* SendQueue::ring() noexcept {
  if (capacity_ == 1) return std::launder(reinterpret_cast<Entry*>(storage_));
  void* heap = nullptr;
  std::memcpy(&heap, storage_, sizeof(heap));
  return static_cast<Entry*>(heap);
}

const SendQueue::Entry* SendQueue::ring() const noexcept {
  if (capacity_ == 1) return std::launder(reinterpret_cast<const Entry*>(storage_));
  const void* heap = nullptr;
  std::memcpy(&heap, storage_, sizeof(heap));
  return static_cast<const Entry*>(heap);
}

SendOutcome SendQueue::queue(LocalSlice slice, DropPolicy policy) {
  const std::size_t size = slice.size();
  const bool droppable = policy == DropPolicy::kDroppable;
  if (!has_room(size)) return SendOutcome::kRefusedFull;
  if (size > 0 && !extend_last(slice, droppable)) {
    if (!push(std::move(slice), droppable)) return SendOutcome::kRefusedFull;
    last_is_own_ = false;
  }
  return count_in(size);
}

SendOutcome SendQueue::queue_copy(ByteView bytes) {
  if (!has_room(bytes.size())) return SendOutcome::kRefusedFull;
  if (!bytes.empty() && !extend_own(bytes)) {
    // The first one takes what it needs; only what is followed by more gets room for them.
    const bool is_first = count_ == 0 || !last_is_own_;
    const std::size_t room = is_first ? 0 : std::clamp(2 * at(count_ - 1).slice.size(), kOwnChunkMin, kOwnChunkMax);
    SharedBytes chunk = SharedBytes::with_capacity(std::max(bytes.size(), room));
    chunk.append(bytes);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    if (!push(LocalSlice(LocalBytes(std::move(chunk)), 0, size), false)) return SendOutcome::kRefusedFull;
    last_is_own_ = true;
  }
  return count_in(bytes.size());
}

bool SendQueue::has_room(std::size_t size) noexcept {
  if (size <= limits_->bytes_max && bytes_ <= limits_->bytes_max - size) return true;
  owes_drained_ = true;
  return false;
}

SendOutcome SendQueue::count_in(std::size_t size) noexcept {
  bytes_ += static_cast<std::uint32_t>(size);
  if (bytes_ <= limits_->high_mark) return SendOutcome::kQueued;
  owes_drained_ = true;
  return SendOutcome::kQueuedAboveHighMark;
}

bool SendQueue::push(LocalSlice slice, bool droppable) {
  if (count_ >= limits_->entries_max) {
    owes_drained_ = true;
    return false;
  }
  if (count_ == capacity_) grow();
  ::new (static_cast<void*>(&at(count_))) Entry{std::move(slice), 1, droppable ? 1U : 0U};
  ++count_;
  return true;
}

bool SendQueue::extend_own(ByteView bytes) noexcept {
  if (count_ == 0 || !last_is_own_) return false;
  Entry& last = at(count_ - 1);
  if (last.slice.bytes.chunk().room() < bytes.size() || last.frames == kFramesMax) return false;
  last.slice.bytes.append(bytes);
  last.slice.end += static_cast<std::uint32_t>(bytes.size());
  last.frames = (last.frames + 1) & kFramesMax;
  return true;
}

bool SendQueue::extend_last(const LocalSlice& slice, bool droppable) noexcept {
  if (count_ == 0) return false;
  Entry& last = at(count_ - 1);
  if (last.slice.end != slice.begin || (last.droppable != 0) != droppable || last.frames == kFramesMax) return false;
  if (!last.slice.bytes.is_same_chunk(slice.bytes)) return false;
  last.slice.end = slice.end;
  last.frames = (last.frames + 1) & kFramesMax;
  return true;
}

std::size_t SendQueue::fill(std::span<iovec> parts) const noexcept {
  const std::size_t filled = std::min<std::size_t>(parts.size(), count_);
  for (std::size_t i = 0; i < filled; ++i) {
    const LocalSlice& slice = at(static_cast<std::uint32_t>(i)).slice;
    const std::size_t skip = i == 0 ? front_sent_ : 0;
    // iovec knows no const; the kernel only reads here.
    parts[i].iov_base = const_cast<std::uint8_t*>(slice.bytes.data()) + slice.begin + skip;
    parts[i].iov_len = slice.size() - skip;
  }
  return filled;
}

void SendQueue::consume(std::size_t bytes) noexcept {
  FANFARE_ASSERT(bytes <= bytes_);
  bytes_ -= static_cast<std::uint32_t>(bytes);
  while (bytes > 0) {
    const std::size_t left_of_front = at(0).slice.size() - front_sent_;
    if (bytes < left_of_front) {
      front_sent_ += static_cast<std::uint32_t>(bytes);
      return;
    }
    bytes -= left_of_front;
    pop_front();
  }
  if (count_ == 0) give_memory_back();
}

void SendQueue::pop_front() noexcept {
  std::destroy_at(&at(0));
  head_ = (head_ + 1) & (capacity_ - 1);
  --count_;
  front_sent_ = 0;
}

DroppedFrames SendQueue::drop_oldest_droppable(std::size_t bytes) {
  DroppedFrames dropped;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < count_; ++i) {
    Entry& entry = at(i);
    const bool begun = i == 0 && front_sent_ > 0;
    if (dropped.bytes < bytes && entry.droppable != 0 && !begun) {
      dropped.frames += entry.frames;
      dropped.bytes += entry.slice.size();
      entry.slice = LocalSlice();
      continue;
    }
    if (kept != i) at(kept) = std::move(entry);
    ++kept;
  }
  for (std::uint32_t i = kept; i < count_; ++i) std::destroy_at(&at(i));
  count_ = kept;
  bytes_ -= static_cast<std::uint32_t>(dropped.bytes);
  if (count_ == 0) give_memory_back();
  return dropped;
}

void SendQueue::grow() {
  const std::uint32_t wider = capacity_ == 1 ? kFirstRing : capacity_ * 2;
  void* const memory = ::operator new(sizeof(Entry) * wider);
  auto* const to = static_cast<Entry*>(memory);
  for (std::uint32_t i = 0; i < count_; ++i) {
    ::new (static_cast<void*>(to + i)) Entry(std::move(at(i)));
    std::destroy_at(&at(i));
  }
  if (capacity_ > 1) ::operator delete(ring());
  std::memcpy(storage_, &memory, sizeof(memory));
  capacity_ = wider;
  head_ = 0;
}

void SendQueue::give_memory_back() noexcept {
  if (capacity_ > 1) ::operator delete(ring());
  capacity_ = 1;
  head_ = 0;
}

void SendQueue::clear() noexcept {
  while (count_ > 0) pop_front();
  bytes_ = 0;
  give_memory_back();
}

bool SendQueue::take_drained() noexcept {
  if (!owes_drained_ || bytes_ > limits_->low_mark) return false;
  owes_drained_ = false;
  return true;
}

}  // namespace fanfare::net
