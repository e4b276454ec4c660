// `fanfare config show`: the configuration that is in force.
#pragma once

#include <string>

#include "config/load.h"

namespace fanfare::config {

// TOML with every setting, each with a comment that says where its value came from. Secrets are "(redacted)".
std::string show(const Loaded& loaded);

}  // namespace fanfare::config
