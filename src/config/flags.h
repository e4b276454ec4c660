// The command-line flags of the settings, for a command-line parser to register.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fanfare::config {

enum class FlagKind : std::uint8_t {
  kSwitch,  // --pin-loops or --pin-loops=false; without a value it means "true"
  kValue,   // --port 7000
};

struct Flag {
  std::string name;        // without the dashes: "port", "log-level"; the name that Inputs::flags wants
  std::string help;        // what it sets, with unit, range and default
  std::string value_name;  // what stands for the value in a help text: INTEGER, TEXT, debug|info|…
  FlagKind kind = FlagKind::kValue;
};

// One for each setting that has a flag, in the order of the reference page. Values are checked by load(), not here.
std::vector<Flag> flags();

}  // namespace fanfare::config
