#include "core/connection_table.h"

#include "base/assert.h"
#include "base/random.h"
#include "core/subscriber.h"

namespace fanfare::core {

void ConnectionTable::add(Subscriber& subscriber) {
  std::uint32_t index = 0;
  if (first_free_ != 0) {
    index = first_free_ - 1;
    first_free_ = slots_[index].next_free;
  } else {
    FANFARE_ASSERT(slots_.size() < ConnectionRef::kSlotsMax);
    index = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  }
  Slot& slot = slots_[index];
  // Unpredictable, because a socket id is what an auth signature is bound to; never 0 and never the slot's last one, so
  // that a message to the previous owner finds nobody.
  std::uint32_t nonce = 0;
  do {
    nonce = static_cast<std::uint32_t>(secure_random_u64());
  } while (nonce == 0 || nonce == slot.nonce);
  slot.subscriber = &subscriber;
  slot.nonce = nonce;
  slot.look_at = 0;
  subscriber.ref_ = ConnectionRef(loop_, index, nonce);
  ++size_;
}

void ConnectionTable::remove(Subscriber& subscriber) {
  const std::uint32_t index = subscriber.ref_.slot();
  Slot& slot = slots_[index];
  FANFARE_ASSERT(slot.subscriber == &subscriber);
  slot.subscriber = nullptr;  // the nonce stays: see add()
  slot.next_free = first_free_;
  first_free_ = index + 1;
  --size_;
}

Subscriber* ConnectionTable::find(ConnectionRef ref) const noexcept {
  if (ref.is_nobody() || ref.loop() != loop_ || ref.slot() >= slots_.size()) return nullptr;
  const Slot& slot = slots_[ref.slot()];
  return slot.nonce == ref.nonce() ? slot.subscriber : nullptr;
}

}  // namespace fanfare::core
