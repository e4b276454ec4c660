// Alarm: ends the waits of an epoll set in time, so that epoll_wait() itself needs no timeout.
//
// A timeout is a timer of the kernel that each wait starts and, when something comes first, takes back: on a virtual
// machine more than a microsecond a wake-up. The alarm is set when the wanted time is earlier than the one it is set
// to, which between two timers of a loop happens once.
//
// Thread: one loop.
#pragma once

#include <chrono>

#include "base/clock.h"
#include "net/unique_fd.h"

namespace fanfare::net {

class Alarm {
 public:
  // Registered with `epoll` as an edge-triggered event whose data is the alarm's address. Where the kernel gives no
  // timerfd, there is no alarm, and waits have timeouts.
  explicit Alarm(int epoll) noexcept;
  Alarm(const Alarm&) = delete;
  Alarm& operator=(const Alarm&) = delete;

  // The timeout for an epoll_wait() that is to last `wait_max`: -1 where the alarm ends it, at that time, or before it
  // for an earlier call that something else ended; it may be a millisecond late for waits of kShort and more.
  int timeout_for(std::chrono::milliseconds wait_max) noexcept;
  // Its event came.
  void on_rung() noexcept { at_ = MonotonicTime::max(); }

 private:
  // Shorter waits are not worth the system call that sets it.
  static constexpr std::chrono::milliseconds kShort{8};

  bool set(std::chrono::milliseconds wait) noexcept;

  UniqueFd timer_;
  MonotonicTime at_ = MonotonicTime::max();  // max: not set
};

}  // namespace fanfare::net
