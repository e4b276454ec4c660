// Signals as events: the main thread blocks them everywhere and waits for them here.
//
// Thread: the main thread, before others start: they inherit the blocked set.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>

namespace fanfare::server {

enum class SignalEvent : std::uint8_t {
  kReload,  // SIGHUP
  kStop,    // SIGTERM, SIGINT
};

class Signals {
 public:
  // Blocks SIGHUP, SIGTERM and SIGINT for this thread and those it starts, and ignores SIGPIPE.
  Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  SignalEvent wait();
  // Nothing: none came within `timeout`.
  std::optional<SignalEvent> wait_for(std::chrono::milliseconds timeout);

 private:
  sigset_t set_;
  sigset_t previous_;
};

}  // namespace fanfare::server
