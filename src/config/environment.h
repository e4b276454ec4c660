// From environment variables and flags into an Assembly.
#pragma once

#include <string_view>
#include <vector>

#include "config/assembly.h"

namespace fanfare::config {

// The value of a variable; nullptr: not set.
const std::string* find_variable(const std::vector<NamedText>& environment, std::string_view name);

// Every FANFARE_ variable; one that no setting has is a fault.
void read_environment(const std::vector<NamedText>& environment, Assembly& assembly);

// The variables of variable_aliases(). To be called before read_environment(), which wins.
void read_alias_variables(const std::vector<NamedText>& environment, Assembly& assembly);

// PUSHER_APP_ID, PUSHER_KEY (or PUSHER_APP_KEY) and PUSHER_SECRET (or PUSHER_APP_SECRET), as Pusher's own SDKs read
// them: an app of its own, or the keys of the app with this id that the file gives none. Empty is the same as not set.
void read_pusher_variables(const std::vector<NamedText>& environment, Assembly& assembly);

void read_flags(const std::vector<NamedText>& flags, Assembly& assembly);

}  // namespace fanfare::config
