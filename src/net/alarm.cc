#include "net/alarm.h"

#include <sys/epoll.h>
#include <sys/timerfd.h>

namespace fanfare::net {

using std::chrono::milliseconds;

Alarm::Alarm(int epoll) noexcept : timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC)) {
  epoll_event event{};
  event.events = EPOLLIN | static_cast<std::uint32_t>(EPOLLET);
  event.data.ptr = this;
  if (timer_ && ::epoll_ctl(epoll, EPOLL_CTL_ADD, timer_.get(), &event) != 0) timer_.reset();
}

int Alarm::timeout_for(milliseconds wait_max) noexcept {
  const auto timeout = static_cast<int>(wait_max.count());
  if (timeout <= 0 || !timer_) return timeout;
  const MonotonicTime wanted = std::chrono::steady_clock::now() + wait_max;
  if (at_ <= wanted) return -1;
  if (wait_max < kShort) return timeout;
  // Whoever waits for the same moment again has rounded it to another millisecond.
  if (at_ <= wanted + milliseconds{1}) return -1;
  if (!set(wait_max)) return timeout;
  at_ = wanted;
  return -1;
}

bool Alarm::set(milliseconds wait) noexcept {
  itimerspec time{};
  time.it_value.tv_sec = wait.count() / 1000;
  time.it_value.tv_nsec = wait.count() % 1000 * 1'000'000;
  return ::timerfd_settime(timer_.get(), 0, &time, nullptr) == 0;
}

}  // namespace fanfare::net
