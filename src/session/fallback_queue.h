// FallbackQueue: what a fallback session has to say, in order: lines that are on their way in an answer and may come
// back when its client leaves, and behind them lines that wait.
//
// Bound:  bytes and entries, as a WebSocket's send queue; what is on its way counts.
// Thread: one loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "net/send_queue_limits.h"
#include "net/stream.h"
#include "sockjs/lines.h"

namespace fanfare::session {

class FallbackQueue {
 public:
  // `limits` outlive the queue, or other ones are set.
  explicit FallbackQueue(const net::SendQueueLimits& limits) noexcept : limits_(&limits) {}
  void set_limits(const net::SendQueueLimits& limits) noexcept { limits_ = &limits; }

  // Never kRefusedClosed.
  net::SendOutcome push(sockjs::Lines lines, net::DropPolicy policy);
  // Whatever waits already: the last words.
  void push_beyond_limits(sockjs::Lines lines);

  // The first lines that wait; null: none do. Valid until the next call that is not const.
  const sockjs::Lines* next() const noexcept { return has_waiting() ? &entries_[handed_].lines : nullptr; }
  // next() was written to an answer, of which `written` bytes are written with it.
  void hand_over(std::uint64_t written) noexcept { entries_[handed_++].end = written; }
  // Of the answer the kernel took `sent` bytes: whole lines among them are the client's.
  void confirm(std::uint64_t sent) noexcept;
  // The answer is over. What was not confirmed waits again, before the rest.
  void take_back() noexcept { handed_ = first_; }

  // Makes room for `bytes` by taking out droppable lines that wait, oldest first; may free less.
  net::DroppedFrames drop_oldest_droppable(std::size_t bytes);

  // The bytes of the first lines that wait, without their framing, and how many those are: at least the first, then as
  // long as they are `bytes_max` at most.
  struct Share {
    std::size_t bytes = 0;
    std::size_t entries = 0;
  };
  Share waiting_share(std::size_t bytes_max) const noexcept;
  bool has_waiting() const noexcept { return handed_ < entries_.size(); }
  bool empty() const noexcept { return first_ == entries_.size(); }
  std::size_t bytes() const noexcept { return bytes_; }
  // Whether a push passed the high mark or was refused, and the queue has come down to the low mark since: true once.
  [[nodiscard]] bool take_drained() noexcept;

 private:
  struct Entry {
    sockjs::Lines lines;
    std::uint64_t end = 0;  // handed over: where it ends in the answer
    bool is_droppable = false;
  };

  void remove_confirmed() noexcept;

  const net::SendQueueLimits* limits_;
  std::vector<Entry> entries_;  // those before first_ are gone
  std::size_t first_ = 0;
  std::size_t handed_ = 0;  // entries_[first_, handed_) are on their way
  std::size_t bytes_ = 0;
  bool owes_drained_ = false;
};

}  // namespace fanfare::session
