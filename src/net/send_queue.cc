#include "net/send_queue.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "base/assert.h"

namespace fanfare::net {

namespace {
constexpr std::uint32_t kFramesMax = (1U << 31U) - 1;
// Chunks of queue_copy() grow with what follows each other, between these.
constexpr std::size_t kOwnChunkMin = 512;
constexpr std::size_t kOwnChunkMax = 16UL * 1024;
// Rings of one entry that a thread keeps: about those of a slice of a fan-out.
constexpr std::size_t kSmallRingsKept = 4096;
constexpr std::uint32_t kSecondRing = 4;
}  // namespace

// The rings of one entry that a thread has in reserve: a delivery takes one and its write gives it back.
class SendQueue::SmallRings {
 public:
  static void* take() {
    if (first == nullptr) return make();
    --kept;
    return std::exchange(first, first->next);
  }
  static void give_back(void* memory) noexcept {
    if (kept == kSmallRingsKept) return ::operator delete(memory);
    first = ::new (memory) Free{first};
    ++kept;
  }

 private:
  struct Free {
    Free* next;
  };
  // Frees them with the thread. Apart from the list, which is so reached without asking whether it was constructed.
  struct AtThreadEnd {
    ~AtThreadEnd() {
      while (kept > 0) ::operator delete(take());
    }
  };

  static void* make() {
    thread_local const AtThreadEnd at_thread_end;
    return ::operator new(sizeof(Ring) + sizeof(Entry));
  }

  static constinit thread_local Free* first;
  static constinit thread_local std::size_t kept;
};

constinit thread_local SendQueue::SmallRings::Free* SendQueue::SmallRings::first = nullptr;
constinit thread_local std::size_t SendQueue::SmallRings::kept = 0;

SendQueue::Ring* SendQueue::make_ring(std::uint32_t places) {
  void* const memory = places == 1 ? SmallRings::take() : ::operator new(sizeof(Ring) + sizeof(Entry) * places);
  return ::new (memory) Ring(places);
}

void SendQueue::release_ring(Ring* ring) noexcept {
  if (ring->capacity == 1) return SmallRings::give_back(ring);
  ::operator delete(ring);
}

void SendQueue::Ring::push(LocalSlice slice, bool droppable) noexcept {
  ::new (static_cast<void*>(&at(count))) Entry{std::move(slice), 1, droppable ? 1U : 0U};
  ++count;
}

void SendQueue::Ring::pop_front() noexcept {
  std::destroy_at(&at(0));
  head = (head + 1) & (capacity - 1);
  --count;
  front_sent = 0;
}

SendOutcome SendQueue::queue(LocalSlice slice, DropPolicy policy) {
  const std::size_t size = slice.size();
  const bool droppable = policy == DropPolicy::kDroppable;
  if (!has_room(size)) return SendOutcome::kRefusedFull;
  if (size > 0 && !extend_last(slice, droppable)) {
    if (!push(std::move(slice), droppable)) return SendOutcome::kRefusedFull;
    ring_->last_is_own = false;
  }
  return count_in(size);
}

SendOutcome SendQueue::queue_copy(ByteView bytes) {
  if (!has_room(bytes.size())) return SendOutcome::kRefusedFull;
  if (!bytes.empty() && !extend_own(bytes)) {
    // The first one takes what it needs; only what is followed by more gets room for them.
    const bool is_first = empty() || !ring_->last_is_own;
    const std::size_t room = is_first ? 0 : std::clamp(2 * ring_->last().slice.size(), kOwnChunkMin, kOwnChunkMax);
    SharedBytes chunk = SharedBytes::with_capacity(std::max(bytes.size(), room));
    chunk.append(bytes);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    if (!push(LocalSlice(LocalBytes(std::move(chunk)), 0, size), false)) return SendOutcome::kRefusedFull;
    ring_->last_is_own = true;
  }
  return count_in(bytes.size());
}

bool SendQueue::has_room(std::size_t size) noexcept {
  if (size <= limits_->bytes_max && bytes() <= limits_->bytes_max - size) return true;
  owes_drained_ = true;
  return false;
}

SendOutcome SendQueue::count_in(std::size_t size) noexcept {
  if (ring_ != nullptr) ring_->bytes += static_cast<std::uint32_t>(size);
  if (bytes() <= limits_->high_mark) return SendOutcome::kQueued;
  owes_drained_ = true;
  return SendOutcome::kQueuedAboveHighMark;
}

bool SendQueue::push(LocalSlice slice, bool droppable) {
  if (entries() >= limits_->entries_max) {
    owes_drained_ = true;
    return false;
  }
  if (ring_ == nullptr) {
    ring_ = make_ring(1);
  } else if (ring_->count == ring_->capacity) {
    grow();
  }
  ring_->push(std::move(slice), droppable);
  return true;
}

bool SendQueue::extend_own(ByteView bytes) noexcept {
  if (ring_ == nullptr || !ring_->last_is_own) return false;
  Entry& last = ring_->last();
  if (last.slice.bytes.chunk().room() < bytes.size() || last.frames == kFramesMax) return false;
  last.slice.bytes.append(bytes);
  last.slice.end += static_cast<std::uint32_t>(bytes.size());
  last.frames = (last.frames + 1) & kFramesMax;
  return true;
}

bool SendQueue::extend_last(const LocalSlice& slice, bool droppable) noexcept {
  if (ring_ == nullptr) return false;
  Entry& last = ring_->last();
  if (last.slice.end != slice.begin || (last.droppable != 0) != droppable || last.frames == kFramesMax) return false;
  if (!last.slice.bytes.is_same_chunk(slice.bytes)) return false;
  last.slice.end = slice.end;
  last.frames = (last.frames + 1) & kFramesMax;
  return true;
}

std::size_t SendQueue::fill(std::span<iovec> parts) const noexcept {
  const std::size_t filled = std::min<std::size_t>(parts.size(), entries());
  for (std::size_t i = 0; i < filled; ++i) {
    const LocalSlice& slice = ring_->at(static_cast<std::uint32_t>(i)).slice;
    const std::size_t skip = i == 0 ? ring_->front_sent : 0;
    // iovec knows no const; the kernel only reads here.
    parts[i].iov_base = const_cast<std::uint8_t*>(slice.bytes.data()) + slice.begin + skip;
    parts[i].iov_len = slice.size() - skip;
  }
  return filled;
}

void SendQueue::consume(std::size_t bytes) noexcept {
  if (bytes == 0) return;
  FANFARE_ASSERT(ring_ != nullptr && bytes <= ring_->bytes);
  if (bytes == ring_->bytes) return clear();
  ring_->bytes -= static_cast<std::uint32_t>(bytes);
  while (bytes > 0) {
    const std::size_t left_of_front = ring_->at(0).slice.size() - ring_->front_sent;
    if (bytes < left_of_front) {
      ring_->front_sent += static_cast<std::uint32_t>(bytes);
      return;
    }
    bytes -= left_of_front;
    ring_->pop_front();
  }
}

DroppedFrames SendQueue::drop_oldest_droppable(std::size_t bytes) {
  DroppedFrames dropped;
  if (ring_ == nullptr) return dropped;
  std::uint32_t kept = 0;
  for (std::uint32_t i = 0; i < ring_->count; ++i) {
    Entry& entry = ring_->at(i);
    const bool begun = i == 0 && ring_->front_sent > 0;
    if (dropped.bytes < bytes && entry.droppable != 0 && !begun) {
      dropped.frames += entry.frames;
      dropped.bytes += entry.slice.size();
      entry.slice = LocalSlice();
      continue;
    }
    if (kept != i) ring_->at(kept) = std::move(entry);
    ++kept;
  }
  for (std::uint32_t i = kept; i < ring_->count; ++i) std::destroy_at(&ring_->at(i));
  ring_->count = kept;
  ring_->bytes -= static_cast<std::uint32_t>(dropped.bytes);
  release_if_empty();
  return dropped;
}

void SendQueue::grow() {
  Ring* const wider = make_ring(ring_->capacity == 1 ? kSecondRing : ring_->capacity * 2);
  for (std::uint32_t i = 0; i < ring_->count; ++i) {
    Entry& entry = ring_->at(i);
    ::new (static_cast<void*>(&wider->at(i))) Entry(std::move(entry));
    std::destroy_at(&entry);
  }
  wider->count = ring_->count;
  wider->bytes = ring_->bytes;
  wider->front_sent = ring_->front_sent;
  wider->last_is_own = ring_->last_is_own;
  release_ring(std::exchange(ring_, wider));
}

void SendQueue::release_if_empty() noexcept {
  if (ring_->count == 0) release_ring(std::exchange(ring_, nullptr));
}

void SendQueue::clear() noexcept {
  if (ring_ == nullptr) return;
  while (ring_->count > 0) ring_->pop_front();
  release_if_empty();
}

bool SendQueue::take_drained() noexcept {
  if (!owes_drained_ || bytes() > limits_->low_mark) return false;
  owes_drained_ = false;
  return true;
}

}  // namespace fanfare::net
