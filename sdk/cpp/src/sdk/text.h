// Checks of text that goes into JSON.
#pragma once

#include <string>
#include <string_view>

#include "fanfare/result.h"

namespace fanfare::sdk {

bool is_utf8(std::string_view text);

// The compact form of `json`, which is one JSON document.
// Fails: kInvalid, "<what>: invalid JSON at byte …".
Result<std::string> compact_json(std::string_view what, std::string_view json);

}  // namespace fanfare::sdk
