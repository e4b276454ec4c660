// Values of settings: checking them, reading them from text, writing them as TOML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/document.h"
#include "config/setting.h"

namespace fanfare::config {

// "an integer from 0 to 65535", "one of "debug", "info"": what a setting wants, for messages and the reference page.
std::string expectation(const SettingInfo& info);

// From the file. Fails: "port: expected an integer from 0 to 65535, found 70000".
Result<Value> value_of_node(const SettingInfo& info, const Node& node);
// From the environment or a flag, whose name tells the key. Fails: "expected an integer …".
Result<Value> value_of_text(const SettingInfo& info, const std::string& text);

// As TOML: 7000, true, "text", ["a", "b"]. Secrets are "(redacted)", or empty.
std::string toml_text(const SettingInfo& info, const Value& value);
// "text", quoted and escaped.
std::string toml_string(std::string_view text);

}  // namespace fanfare::config
