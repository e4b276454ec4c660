// `fanfare config describe`: the reference page.
#pragma once

#include <string>

namespace fanfare::config {

// All of docs/configuration.md (Markdown), made from the table of settings. A test compares them.
std::string describe();

}  // namespace fanfare::config
