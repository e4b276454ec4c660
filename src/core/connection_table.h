// ConnectionTable: the connections of one loop by slot; gives out the ConnectionRefs (and so the socket ids).
//
// It also keeps when each connection is to be looked at next, for deadlines that may be met a little late: so no
// connection needs a timer, and a round over all of them reads the slots only.
//
// Thread: one loop. Cost: 16 bytes a slot; a freed slot is used again with a new nonce.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>

#include "base/clock.h"
#include "base/strong_id.h"
#include "core/connection_ref.h"

namespace fanfare::core {

class Subscriber;

class ConnectionTable {
 public:
  explicit ConnectionTable(LoopIndex loop) : loop_(loop) {}

  // Registers a live subscriber and gives it its ref.
  void add(Subscriber& subscriber);
  // Before the subscriber dies. Its ref resolves to nobody from now on.
  void remove(Subscriber& subscriber);
  // nullptr: gone, or of another loop.
  Subscriber* find(ConnectionRef ref) const noexcept;
  std::size_t size() const noexcept { return size_; }

  // Calls `visit(Subscriber&)` for each; `visit` may not add or remove.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (const Slot& slot : slots_) {
      if (slot.subscriber != nullptr) visit(*slot.subscriber);
    }
  }

  // How many slots there are, taken or free; they never become fewer, and a subscriber is in one for life.
  std::size_t slots() const noexcept { return slots_.size(); }
  // Calls `look(Subscriber&)` for those in the slots begin … end − 1 for whom it is time, which returns when it is time
  // again. For a new subscriber it is time at once. `look` may not add or remove.
  template <typename Look>
  void look_at_due(std::size_t begin, std::size_t end, MonotonicTime now, Look&& look) {
    const std::uint32_t tick = tick_of(now);
    auto slot = slots_.begin() + static_cast<std::ptrdiff_t>(begin);
    for (std::size_t left = end - begin; left > 0; --left, ++slot) {
      if (slot->subscriber == nullptr || !is_due(slot->look_at, tick)) continue;
      slot->look_at = tick_of(look(*slot->subscriber)) + 1;
    }
  }

 private:
  struct Slot {
    Subscriber* subscriber = nullptr;
    std::uint32_t nonce = 0;
    union {
      std::uint32_t next_free = 0;  // of a free one: 1 + index, 0: none
      std::uint32_t look_at;        // of a taken one: a tick, 0: at once
    };
  };

  // An eighth of a second: they wrap after 17 years.
  static std::uint32_t tick_of(MonotonicTime time) noexcept {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() / 125);
  }
  static bool is_due(std::uint32_t look_at, std::uint32_t now) noexcept {
    return look_at == 0 || static_cast<std::int32_t>(now - look_at) >= 0;
  }

  LoopIndex loop_;
  // A vector that doubles leaves its old memory behind as a gap.
  std::deque<Slot> slots_;
  std::uint32_t first_free_ = 0;  // 1 + index
  std::size_t size_ = 0;
};

}  // namespace fanfare::core
