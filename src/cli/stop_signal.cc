#include "cli/stop_signal.h"

#include <cerrno>
#include <csignal>

#include <poll.h>
#include <sys/signalfd.h>

#include "base/startup_error.h"

namespace fanfare::cli {

StopSignal::StopSignal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (::pthread_sigmask(SIG_BLOCK, &signals, nullptr) != 0) throw StartupError("cannot block SIGINT and SIGTERM");
  fd_.reset(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd_) throw StartupError("cannot make a descriptor for SIGINT and SIGTERM");
}

bool StopSignal::wait_for(std::chrono::milliseconds time) const {
  pollfd waiting{.fd = fd_.get(), .events = POLLIN, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, static_cast<int>(time.count()));
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

}  // namespace fanfare::cli
