// SendQueue: what waits to be sent on one socket, as slices of shared memory, bounded by bytes and by entries.
//
// Thread: one loop.
// Cost:   an empty queue holds no heap; neither does one of a single entry, which is what a burst carved from one chunk
// comes
//         to. More entries take a ring that doubles and is given back when the queue is empty again.
#pragma once

#include <cstddef>
#include <cstdint>
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

  bool empty() const noexcept { return count_ == 0; }
  std::size_t bytes() const noexcept { return bytes_; }
  std::size_t entries() const noexcept { return count_; }
  void set_limits(const SendQueueLimits& limits) noexcept { limits_ = &limits; }

 private:
  struct Entry {
    LocalSlice slice;
    std::uint32_t frames : 31;  // queue() calls that were joined
    std::uint32_t droppable : 1;
  };

  Entry* ring() noexcept;
  const Entry* ring() const noexcept;
  Entry& at(std::uint32_t position) noexcept { return ring()[(head_ + position) & (capacity_ - 1)]; }
  const Entry& at(std::uint32_t position) const noexcept { return ring()[(head_ + position) & (capacity_ - 1)]; }
  bool has_room(std::size_t size) noexcept;
  SendOutcome count_in(std::size_t size) noexcept;
  bool extend_last(const LocalSlice& slice, bool droppable) noexcept;
  bool extend_own(ByteView bytes) noexcept;
  bool push(LocalSlice slice, bool droppable);
  void pop_front() noexcept;
  void grow();
  void give_memory_back() noexcept;

  // A ring of one lives in place, a larger one on the heap behind the pointer that is stored here.
  alignas(Entry) std::byte storage_[sizeof(Entry)];
  const SendQueueLimits* limits_;
  std::uint32_t capacity_ = 1;
  std::uint32_t head_ = 0;
  std::uint32_t count_ = 0;
  std::uint32_t bytes_ = 0;
  std::uint32_t front_sent_ = 0;  // bytes of the front entry that are gone
  bool owes_drained_ = false;
  bool last_is_own_ = false;  // the last entry is of queue_copy(): nobody else fills its chunk
};

}  // namespace fanfare::net
