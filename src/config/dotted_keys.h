// A bound that the TOML parser lacks: every dot of a key (a.b.c) nests one table deeper, and tables are walked and
// freed recursively.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "config/document.h"

namespace fanfare::config {

inline constexpr std::size_t kKeyDotsMax = 16;  // ours have one: [apps.limits]

// Where a key has more dots; nothing: all is well. Strings and comments are skipped as TOML reads them.
std::optional<Place> overlong_dotted_key(std::string_view text);

}  // namespace fanfare::config
