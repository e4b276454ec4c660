// The flags of the commands that talk to a running server: where it is and as which app.
#pragma once

#include "cli/target.h"

namespace CLI {
class App;
}

namespace fanfare::cli {

// Registers --host, --port, --app-id, --key, --secret and --config on `command`, and collects what was given.
class ConnectionFlags {
 public:
  explicit ConnectionFlags(CLI::App& command);
  ConnectionFlags(const ConnectionFlags&) = delete;
  ConnectionFlags& operator=(const ConnectionFlags&) = delete;

  // Out of the flags, the process' environment and the configuration.
  Result<Target> target() const;

 private:
  TargetFlags given_;  // CLI11 keeps the values' addresses
};

}  // namespace fanfare::cli
