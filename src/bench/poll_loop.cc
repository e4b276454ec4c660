#include "bench/poll_loop.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

#include <sys/epoll.h>
#include <sys/prctl.h>

#include "base/assert.h"
#include "base/startup_error.h"

namespace fanfare::bench {

namespace {
constexpr int kBatch = 64;  // some 0.1 ms of receiving: the most by which a due event is late because of it
}

PollLoop::PollLoop() : epoll_(::epoll_create1(EPOLL_CLOEXEC)), buffer_(std::make_unique<std::uint8_t[]>(kBufferBytes)) {
  if (!epoll_) throw StartupError("cannot create an epoll set");
  ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL);  // else the kernel wakes us up to 50 µs after an event was due
}

Nanoseconds PollLoop::now() noexcept {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

void PollLoop::control(int operation, int fd, std::uint32_t events, Pollable& pollable) const {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &pollable;
  const int done = ::epoll_ctl(epoll_.get(), operation, fd, &event);
  FANFARE_ASSERT(done == 0);
}

void PollLoop::add(int fd, std::uint32_t events, Pollable& pollable) const {
  control(EPOLL_CTL_ADD, fd, events, pollable);
}

void PollLoop::change(int fd, std::uint32_t events, Pollable& pollable) const {
  control(EPOLL_CTL_MOD, fd, events, pollable);
}

void PollLoop::turn(Nanoseconds until) const {
  const Nanoseconds wait = std::max<Nanoseconds>(until - now(), 0);
  const timespec timeout{.tv_sec = wait / kNanosecondsInASecond, .tv_nsec = wait % kNanosecondsInASecond};
  std::array<epoll_event, kBatch> events;
  const int count = ::epoll_pwait2(epoll_.get(), events.data(), kBatch, &timeout, nullptr);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<Pollable*>(event.data.ptr)->on_ready(event.events);
  }
}

}  // namespace fanfare::bench
