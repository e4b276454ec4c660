#include "bench/poll_loop.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>

#include <sys/epoll.h>
#include <sys/prctl.h>

#include "base/assert.h"
#include "base/startup_error.h"

namespace fanfare::bench {

namespace {
constexpr Nanoseconds kWaitMax = 60 * kNanosecondsInASecond;
constexpr int kBatch = 64;  // some 0.1 ms of receiving: the most by which a due event is late because of it
}  // namespace

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

int PollLoop::wait(epoll_event* events, Nanoseconds time) {
  if (waits_finely_) {
    const timespec timeout{.tv_sec = time / kNanosecondsInASecond, .tv_nsec = time % kNanosecondsInASecond};
    const int count = ::epoll_pwait2(epoll_.get(), events, kBatch, &timeout, nullptr);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
    waits_finely_ = false;
  }
  // Before Linux 5.11, in some sandboxes and under valgrind: up to a millisecond late, which the lateness shows.
  constexpr Nanoseconds kMillisecond = 1'000'000;
  return ::epoll_wait(epoll_.get(), events, kBatch, static_cast<int>((time + kMillisecond - 1) / kMillisecond));
}

void PollLoop::turn(Nanoseconds until) {
  std::array<epoll_event, kBatch> events;
  const Nanoseconds left = std::clamp<Nanoseconds>(until - now(), 0, kWaitMax);
  const int count = wait(events.data(), left);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    static_cast<Pollable*>(event.data.ptr)->on_ready(event.events);
  }
}

}  // namespace fanfare::bench
