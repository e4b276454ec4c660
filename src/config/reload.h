// Reloading on SIGHUP: what may change while the server runs, and what needs a restart.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "config/load.h"

namespace fanfare::config {

struct Reload {
  // The running configuration with the new apps and every reloadable setting (log level); the others keep the value
  // that the process started with.
  Loaded next;
  // Settings that differ in the file and were left alone, as "server.port: 6001 runs, 7000 is configured".
  std::vector<std::string> needs_restart;
  // What did change, for the log: "log.level", "apps[app-id]: changed", "apps[other]: added", "apps[old]: removed".
  std::vector<std::string> changed;
};

// Loads again with the `inputs` of the start.
// Fails: as load(); then nothing has changed.
Result<Reload> reload(const Inputs& inputs, const Loaded& running);

}  // namespace fanfare::config
