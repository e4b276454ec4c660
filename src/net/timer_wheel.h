// TimerWheel: coarse timers of one loop, embedded in the objects that they are for.
//
// Thread: one loop.
// Cost:   schedule() and cancel() are O(1) and allocate nothing; a Timer is 32 bytes. A timer fires up to one tick
// late,
//         never early. One that is moved on with every message is better left alone and checked when it fires.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace fanfare::net {

namespace internal {
// A place in a circular list; alone, it points to itself.
struct TimerLink {
  TimerLink* next = this;
  TimerLink* previous = this;
};
}  // namespace internal

// Cancelled by its destructor. Neither copied nor moved.
class Timer : private internal::TimerLink {
 public:
  Timer() = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  virtual ~Timer() { cancel(); }

  void cancel() noexcept;
  bool is_scheduled() const noexcept { return next != this; }

 protected:
  // Called once for each schedule(); the timer is idle by then and may be scheduled again or destroyed.
  virtual void on_timer() = 0;

 private:
  friend class TimerWheel;
  std::uint64_t due_tick_ = 0;
};

// A Timer member that calls a method of its owner:
//   void on_handshake_timeout();
//   TimerOf<HttpConnection, &HttpConnection::on_handshake_timeout> handshake_timer_{*this};
template <typename Owner, void (Owner::*Method)()>
class TimerOf final : public Timer {
 public:
  explicit TimerOf(Owner& owner) : owner_(owner) {}

 private:
  void on_timer() override { (owner_.*Method)(); }
  Owner& owner_;
};

class TimerWheel {
 public:
  static constexpr std::chrono::milliseconds kTick{16};

  explicit TimerWheel(MonotonicTime start);
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;
  ~TimerWheel();  // timers that are still scheduled become idle

  // Fires `timer` once, `delay` after `now`; moves it when it is scheduled already. A negative delay counts as none.
  void schedule(Timer& timer, MonotonicTime now, std::chrono::milliseconds delay);

  // Fires what is due at `now` and returns how many. A timer scheduled meanwhile fires in a later call at the earliest.
  std::size_t advance(MonotonicTime now);

  // How long until advance() may have something to do; nullopt: nothing is scheduled. May be too early, never too late.
  std::optional<std::chrono::milliseconds> until_next(MonotonicTime now);

 private:
  // 8192 slots of 16 ms: a timer of up to 131 s is visited once, when it is due.
  static constexpr std::size_t kSlots = 8192;
  static constexpr std::size_t kWords = kSlots / 64;

  std::uint64_t tick_of(MonotonicTime time) const noexcept;
  void fire_slot(std::size_t slot, std::uint64_t tick, std::size_t& fired);

  MonotonicTime start_;
  std::uint64_t done_tick_ = 0;  // every slot up to and including this tick was visited
  std::array<internal::TimerLink, kSlots> slots_;
  std::array<std::uint64_t, kWords> occupied_{};  // a set bit: the slot may hold timers; cleared when found empty
};

}  // namespace fanfare::net
