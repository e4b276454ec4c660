#include "net/flush_list.h"

namespace fanfare::net {

void FlushList::add(TurnFlush& target) {
  if (target.is_held_) remove(target);
  touched_.add(target);
}

void FlushList::add_waiting(TurnFlush& target, MonotonicTime now) {
  if (target.slot_ != kNotListed) return;
  if (waiting_.empty()) waiting_since_ = now;
  target.is_held_ = true;
  waiting_.add(target);
}

void FlushList::remove(TurnFlush& target) noexcept {
  (target.is_held_ ? waiting_ : touched_).remove(target);
  target.is_held_ = false;
}

void FlushList::flush_now(TurnFlush& target) {
  remove(target);
  target.on_turn_flush();
}

void FlushList::flush_touched() {
  touched_.run_round([](TurnFlush& target) { target.on_turn_flush(); });
}

void FlushList::flush_waiting() {
  waiting_.run_round([](TurnFlush& target) {
    target.is_held_ = false;
    target.on_turn_flush();
  });
}

}  // namespace fanfare::net
