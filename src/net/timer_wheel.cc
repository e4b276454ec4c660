#include "net/timer_wheel.h"

#include <algorithm>
#include <bit>

namespace fanfare::net {

namespace {

using std::chrono::milliseconds;

void unlink(internal::TimerLink& link) noexcept {
  link.previous->next = link.next;
  link.next->previous = link.previous;
  link.next = link.previous = &link;
}

void link_before(internal::TimerLink& place, internal::TimerLink& link) noexcept {
  link.previous = place.previous;
  link.next = &place;
  place.previous->next = &link;
  place.previous = &link;
}

}  // namespace

void Timer::cancel() noexcept { unlink(*this); }

TimerWheel::TimerWheel(MonotonicTime start) : start_(start) {}

TimerWheel::~TimerWheel() {
  for (internal::TimerLink& slot : slots_) {
    while (slot.next != &slot) unlink(*slot.next);
  }
}

std::uint64_t TimerWheel::tick_of(MonotonicTime time) const noexcept {
  return time <= start_ ? 0 : static_cast<std::uint64_t>((time - start_) / kTick);
}

void TimerWheel::schedule(Timer& timer, MonotonicTime now, milliseconds delay) {
  timer.cancel();
  const MonotonicTime due = now + std::max(delay, milliseconds{0});
  // Rounded up, so that it is never early; and never into a tick that was visited already, where it would wait for a
  // round.
  timer.due_tick_ = std::max(tick_of(due + kTick - MonotonicTime::duration{1}), done_tick_ + 1);
  const std::size_t slot = timer.due_tick_ % kSlots;
  link_before(slots_[slot], timer);
  occupied_[slot / 64] |= std::uint64_t{1} << (slot % 64);
}

std::size_t TimerWheel::advance(MonotonicTime now) {
  const std::uint64_t target = tick_of(now);
  if (target <= done_tick_) return 0;
  const std::uint64_t first = done_tick_ + 1;
  const std::uint64_t slots = std::min<std::uint64_t>(target - done_tick_, kSlots);
  // Before the first callback: what these schedule lands behind `target` and so in a later call.
  done_tick_ = target;
  std::size_t fired = 0;
  for (std::uint64_t i = 0; i < slots; ++i) fire_slot((first + i) % kSlots, target, fired);
  return fired;
}

void TimerWheel::fire_slot(std::size_t slot, std::uint64_t tick, std::size_t& fired) {
  const std::uint64_t bit = std::uint64_t{1} << (slot % 64);
  if ((occupied_[slot / 64] & bit) == 0) return;
  occupied_[slot / 64] &= ~bit;
  internal::TimerLink& home = slots_[slot];
  if (home.next == &home) return;
  // The whole list moves to a head of its own: callbacks may cancel or destroy any timer of it, or schedule into
  // `home`.
  internal::TimerLink due;
  link_before(home, due);
  unlink(home);
  while (due.next != &due) {
    Timer& timer = static_cast<Timer&>(*due.next);
    unlink(timer);
    if (timer.due_tick_ > tick) {  // of a later round
      link_before(home, timer);
      occupied_[slot / 64] |= bit;
      continue;
    }
    ++fired;
    timer.on_timer();
  }
}

std::optional<milliseconds> TimerWheel::until_next(MonotonicTime now) {
  const std::size_t first = (done_tick_ + 1) % kSlots;
  for (std::size_t ahead = 0; ahead < kSlots;) {
    const std::size_t slot = (first + ahead) % kSlots;
    const std::uint64_t rest = occupied_[slot / 64] >> (slot % 64);
    if (rest == 0) {
      ahead += 64 - slot % 64;  // to the next word
      continue;
    }
    const auto skipped = static_cast<std::size_t>(std::countr_zero(rest));
    const std::size_t found = slot + skipped;
    ahead += skipped;
    if (ahead >= kSlots) break;
    if (slots_[found].next == &slots_[found]) {  // all of it was cancelled
      occupied_[found / 64] &= ~(std::uint64_t{1} << (found % 64));
      continue;
    }
    const MonotonicTime due = start_ + kTick * static_cast<std::int64_t>(done_tick_ + 1 + ahead);
    return due <= now ? milliseconds{0} : std::chrono::ceil<milliseconds>(due - now);
  }
  return std::nullopt;
}

}  // namespace fanfare::net
