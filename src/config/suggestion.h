// "did you mean": the known name that an unknown one is closest to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fanfare::config {

// ", did you mean \"port\"?", or nothing when no candidate is near.
std::string did_you_mean(std::string_view unknown, const std::vector<std::string>& candidates);

// A name out of a file as it may stand in a message: control characters replaced, at most 60 bytes.
std::string printable(std::string_view name);

}  // namespace fanfare::config
