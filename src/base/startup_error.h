// StartupError: the program cannot start (configuration, port, data folder). Caught in main: one line, exit 2.
#pragma once

#include <stdexcept>

namespace fanfare {

class StartupError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace fanfare
