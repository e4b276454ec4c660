// ConnectionTable: the connections of one loop by slot; gives out the ConnectionRefs (and so the socket ids).
//
// Thread: one loop. Cost: 16 bytes a slot; a freed slot is used again with a new nonce.
#pragma once

#include <cstdint>
#include <deque>

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

 private:
  struct Slot {
    Subscriber* subscriber = nullptr;
    std::uint32_t nonce = 0;
    std::uint32_t next_free = 0;  // 1 + index, 0: none
  };

  LoopIndex loop_;
  // A vector that doubles leaves its old memory behind as a gap.
  std::deque<Slot> slots_;
  std::uint32_t first_free_ = 0;  // 1 + index
  std::size_t size_ = 0;
};

}  // namespace fanfare::core
