// What no single setting can tell: ids and keys that are there twice, settings that do not fit each other.
#pragma once

#include "config/assembly.h"

namespace fanfare::config {

// Adds every fault it finds to `assembly.faults`.
void validate(Assembly& assembly);

}  // namespace fanfare::config
