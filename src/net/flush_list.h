// FlushList: what wants one call at the end of a turn, and what may wait a moment for more of its kind.
//
// A busy loop writes less often and more at once: what add_waiting() listed is called when the first of it has waited
// for the delay, and everything else at the end of the turn.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"
#include "net/round_list.h"

namespace fanfare::net {

// The base of Stream.
class TurnFlush {
 public:
  TurnFlush() = default;
  TurnFlush(const TurnFlush&) = delete;
  TurnFlush& operator=(const TurnFlush&) = delete;
  virtual ~TurnFlush() = default;

 private:
  friend class FlushList;
  virtual void on_turn_flush() = 0;
  std::uint32_t slot_ = kNotListed;
  bool is_held_ = false;  // `slot_` is one of the list of those that wait
};

class FlushList {
 public:
  // `target` is called at the end of this turn, also when it was waiting.
  void add(TurnFlush& target);
  // It is called within the delay, unless it is listed already.
  void add_waiting(TurnFlush& target, MonotonicTime now);
  void remove(TurnFlush& target) noexcept;
  // It is called at once, and no more at the end of the turn.
  void flush_now(TurnFlush& target);

  void flush_touched();
  // Those that wait too, whether or not it is time.
  void flush_waiting();

  bool has_touched() const noexcept { return !touched_.empty(); }
  bool has_waiting() const noexcept { return !waiting_.empty(); }
  // How many are listed, at most: those that have left count too.
  std::size_t touched() const noexcept { return touched_.size(); }
  std::size_t waiting() const noexcept { return waiting_.size(); }
  // How long the first one has waited. Only where has_waiting().
  MonotonicTime::duration waited(MonotonicTime now) const noexcept { return now - waiting_since_; }

 private:
  RoundList<TurnFlush, &TurnFlush::slot_> touched_;
  RoundList<TurnFlush, &TurnFlush::slot_> waiting_;
  MonotonicTime waiting_since_;
};

}  // namespace fanfare::net
