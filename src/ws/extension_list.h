// The value of Sec-WebSocket-Extensions. Source: RFC 6455 section 9.1
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fanfare::ws {

struct ExtensionParameter {
  std::string_view name;
  std::optional<std::string> value;  // a token; without the quotes that it may have come in
};

struct Extension {
  std::string_view name;
  std::vector<ExtensionParameter> parameters;  // in their order; a name may come twice
};

// Wire:  permessage-deflate; client_max_window_bits; server_max_window_bits=10, x-other; text="quoted"
// The extensions in their order; none for an empty value. Nothing: the value is not what the grammar allows.
// The views are of `value`.
std::optional<std::vector<Extension>> parse_extensions(std::string_view value);

}  // namespace fanfare::ws
