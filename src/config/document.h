// Document: a TOML file as plain values, each with its place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/fault.h"

namespace fanfare::config {

struct Place {
  std::uint32_t line = 0;  // from 1
  std::uint32_t column = 0;
};

struct Member;
struct Node;
using Table = std::vector<Member>;
using Array = std::vector<Node>;
// What no setting is: a floating-point number, a date, a time.
struct Other {};

struct Node {
  Place place;
  std::variant<Other, bool, std::int64_t, std::string, Array, Table> value;
};

struct Member {
  std::string key;
  Place place;  // of the key
  Node node;
};

// "a string", "a table": for messages.
std::string_view kind_name(const Node& node) noexcept;

// "fanfare.toml:3:8"
std::string place_text(std::string_view file, Place place);

// Parses `text`; `file` is its name in messages. On a syntax error adds one fault (TOML parsers stop at the first) and
// returns an empty table. Never throws; nesting is bounded by the parser.
Table parse_document(std::string_view text, std::string_view file, Faults& faults);

}  // namespace fanfare::config
