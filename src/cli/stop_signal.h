// StopSignal: SIGINT and SIGTERM as a descriptor that one can wait for.
#pragma once

#include <chrono>

#include "net/unique_fd.h"

namespace fanfare::cli {

// Thread: to be made on the main thread before others exist. From then on the signals no longer end the process.
class StopSignal {
 public:
  // Fails: StartupError.
  StopSignal();

  int fd() const noexcept { return fd_.get(); }  // readable once one has come; it stays so
  // Blocks. Returns whether one has come.
  bool wait_for(std::chrono::milliseconds time) const;

 private:
  net::UniqueFd fd_;
};

}  // namespace fanfare::cli
