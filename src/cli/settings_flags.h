// The settings' flags of the commands that load the configuration (serve, config).
#pragma once

#include <list>
#include <memory>
#include <string>

#include "config/load.h"

namespace CLI {
class App;
}

namespace fanfare::cli {

// Registers --config and one flag for each setting on `command`, and collects what was given.
class SettingsFlags {
 public:
  explicit SettingsFlags(CLI::App& command);

  config::Inputs inputs(config::FirstAppRule first_app) const;

 private:
  struct Given {
    std::string name;
    std::string value;
  };
  std::string file_;
  std::list<Given> given_;  // a list: CLI11 keeps the values' addresses
};

}  // namespace fanfare::cli
