// The `info` of a publish or a question about channels: which counts the caller wants.
#pragma once

#include <string_view>

#include "base/result.h"
#include "fanfare/events.h"

namespace fanfare::gateway {

// `words`: "user_count,subscription_count"; empty asks for nothing.
// Fails: kInvalid for a word that is not known.
Result<sdk::CountInfo> parse_count_info(std::string_view words);

}  // namespace fanfare::gateway
