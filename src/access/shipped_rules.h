// The rules that hold where the configuration has none of its own.
#pragma once

#include <vector>

#include "access/options.h"

namespace fanfare::access {

// For the shipped roles (AccessOptions): student < teacher < admin, and service. Source: docs/gateway.md, "Access
// rules"
std::vector<RuleText> shipped_rules();

}  // namespace fanfare::access
