// The API's answers about channels, as tables for people. Pure.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace fanfare::cli {

// {"channels":{"presence-a":{"user_count":1}}} → a row for each channel, a column for each attribute.
// Fails: kInvalid when the answer is not such a document.
Result<std::string> channels_table(std::string_view answer);
// {"occupied":true,"user_count":1} → a row for each attribute.
Result<std::string> channel_table(std::string_view channel, std::string_view answer);
// {"users":[{"id":"u7"}]} → a row for each user.
Result<std::string> users_table(std::string_view channel, std::string_view answer);

}  // namespace fanfare::cli
