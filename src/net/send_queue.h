// SendQueue: what waits to be sent on one socket, as slices of shared memory, bounded by bytes and by entries.
//
// Thread: one loop.
// Cost:   an empty queue is 24 bytes and holds no memory. One that is not holds a ring of entries that doubles and is
// given
//         back when the queue is empty again. A ring of one entry, which is what a burst carved from one chunk comes
//         to, is taken from and given to a list of the thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>

#include <sys/uio.h>

#include "base/bytes.h"
#include "base/local_bytes.h"
#include "net/send_queue_limits.h"
#include "net/stream.h"

namespace fanfare::net {

class SendQueue {
 public:
  explicit SendQueue(const SendQueueLimits& limits) noexcept : limits_(&limits) {}
  SendQueue(const SendQueue&) = delete;
  SendQueue& operator=(const SendQueue&) = delete;
  ~SendQueue() { clear(); }

  // Appends `slice`, or refuses it whole when it would pass a limit. Never kRefusedClosed.
  SendOutcome queue(LocalSlice slice, DropPolicy policy);
  // The same for bytes of this queue only, never droppable. One behind the other they share memory and an entry, so
  // that many small answers are bounded by their bytes.
  SendOutcome queue_copy(ByteView bytes);

  // Points `parts` to the unsent bytes, from the front, and returns how many parts were filled. They stay valid until
  // consume(), drop_oldest_droppable() or clear(); queue() does not move them.
  std::size_t fill(std::span<iovec> parts) const noexcept;
  // `bytes` of what fill() gave have been sent.
  void consume(std::size_t bytes) noexcept;

  // Takes out droppable entries, oldest first, until `bytes` are free or there are no more. An entry of which a byte
  // was sent stays.
  DroppedFrames drop_oldest_droppable(std::size_t bytes);

  void clear() noexcept;

  // Whether a queue() passed the high mark or was refused and the queue has come down to the low mark since: true once.
  [[nodiscard]] bool take_drained() noexcept;

  // Whether take_drained() is going to be true once the queue is short enough.
  bool owes_drained() const noexcept { return owes_drained_; }

  // take_drained() is true once more, whatever was queued.
  void owe_drained() noexcept { owes_drained_ = true; }

  bool empty() const noexcept { return ring_ == nullptr; }
  std::size_t bytes() const noexcept { return ring_ == nullptr ? 0 : ring_->bytes; }
  std::size_t entries() const noexcept { return ring_ == nullptr ? 0 : ring_->count; }
  void set_limits(const SendQueueLimits& limits) noexcept { limits_ = &limits; }

 private:
  struct Entry {
    LocalSlice slice;
    std::uint32_t frames : 31;  // queue() calls that were joined
    std::uint32_t droppable : 1;
  };

  // Never without an entry. `capacity`, a power of two, places for entries lie behind it.
  struct Ring {
    explicit Ring(std::uint32_t places) noexcept : capacity(places) {}

    Entry* places() noexcept { return std::launder(reinterpret_cast<Entry*>(this + 1)); }
    Entry& at(std::uint32_t position) noexcept { return places()[(head + position) & (capacity - 1)]; }
    Entry& last() noexcept { return at(count - 1); }
    void push(LocalSlice slice, bool droppable) noexcept;
    void pop_front() noexcept;

    std::uint32_t capacity;
    std::uint32_t head = 0;
    std::uint32_t count = 0;
    std::uint32_t bytes = 0;
    std::uint32_t front_sent = 0;  // bytes of the front entry that are gone
    bool last_is_own = false;      // the last entry is of queue_copy(): nobody else fills its chunk
  };
  class SmallRings;

  bool has_room(std::size_t size) noexcept;
  SendOutcome count_in(std::size_t size) noexcept;
  bool extend_last(const LocalSlice& slice, bool droppable) noexcept;
  bool extend_own(ByteView bytes) noexcept;
  bool push(LocalSlice slice, bool droppable);
  static Ring* make_ring(std::uint32_t places);
  static void release_ring(Ring* ring) noexcept;
  void grow();
  void release_if_empty() noexcept;

  const SendQueueLimits* limits_;
  Ring* ring_ = nullptr;  // null while the queue is empty
  bool owes_drained_ = false;
};

}  // namespace fanfare::net
