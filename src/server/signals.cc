#include "server/signals.h"

#include <cerrno>

#include "base/assert.h"

namespace fanfare::server {

namespace {

SignalEvent event_of(int number) { return number == SIGHUP ? SignalEvent::kReload : SignalEvent::kStop; }

}  // namespace

Signals::Signals() {
  sigemptyset(&set_);
  sigaddset(&set_, SIGHUP);
  sigaddset(&set_, SIGTERM);
  sigaddset(&set_, SIGINT);
  FANFARE_ASSERT(pthread_sigmask(SIG_BLOCK, &set_, &previous_) == 0);
  // A client that went away is told by the write's error.
  std::signal(SIGPIPE, SIG_IGN);
}

Signals::~Signals() { pthread_sigmask(SIG_SETMASK, &previous_, nullptr); }

SignalEvent Signals::wait() {
  for (;;) {
    int number = 0;
    if (sigwait(&set_, &number) == 0) return event_of(number);
  }
}

std::optional<SignalEvent> Signals::wait_for(std::chrono::milliseconds timeout) {
  const timespec limit{.tv_sec = timeout.count() / 1000, .tv_nsec = (timeout.count() % 1000) * 1'000'000};
  const int number = sigtimedwait(&set_, nullptr, &limit);
  if (number < 0) return std::nullopt;  // EAGAIN: time is up; EINTR: another signal, the caller asks again
  return event_of(number);
}

}  // namespace fanfare::server
