#include "config/document.h"

// The whole library in this one file, without exceptions: Debian's shared library is built with them. Some of its
// assertions fail on bad input ("[[["), where the code behind them answers with an error; under NDEBUG they would even
// become assumptions for the optimizer. So they are off in every build.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include <algorithm>
#include <optional>
#include <utility>

#include "config/dotted_keys.h"

namespace fanfare::config {

namespace {

Place place_of(const toml::source_region& region) {
  return {.line = static_cast<std::uint32_t>(region.begin.line),
          .column = static_cast<std::uint32_t>(region.begin.column)};
}

bool comes_before(const Place& a, const Place& b) { return std::pair(a.line, a.column) < std::pair(b.line, b.column); }

Node convert(const toml::node& source);

Table convert_table(const toml::table& source) {
  Table table;
  table.reserve(source.size());
  for (const auto& [key, node] : source) {
    table.push_back({.key = std::string(key.str()), .place = place_of(key.source()), .node = convert(node)});
  }
  std::ranges::sort(table, comes_before, &Member::place);  // toml++ sorts by name; people read from the top
  return table;
}

// The depth of nesting, and with it this recursion, is bounded by the parser and by kKeyDotsMax.
Node convert(const toml::node& source) {
  Node node{.place = place_of(source.source()), .value = Other()};
  if (const auto* boolean = source.as_boolean()) {
    node.value = boolean->get();
  } else if (const auto* integer = source.as_integer()) {
    node.value = integer->get();
  } else if (const auto* string = source.as_string()) {
    node.value = string->get();
  } else if (const auto* array = source.as_array()) {
    Array items;
    items.reserve(array->size());
    for (const toml::node& item : *array) items.push_back(convert(item));
    node.value = std::move(items);
  } else if (const auto* table = source.as_table()) {
    node.value = convert_table(*table);
  }
  return node;
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (; line > 1; --line) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// The parser quotes what it has read: on the line of a secret that could be the secret.
std::string without_quotes(std::string_view description) {
  std::string text;
  bool is_quoted = false;
  for (const char letter : description) {
    if (letter == '\'') is_quoted = !is_quoted;
    if (letter == '\'' || !is_quoted) text += letter;
  }
  return text;
}

}  // namespace

std::string_view kind_name(const Node& node) noexcept {
  switch (node.value.index()) {
    case 1:
      return "a boolean";
    case 2:
      return "an integer";
    case 3:
      return "a string";
    case 4:
      return "an array";
    case 5:
      return "a table";
    default:
      return "a number with a fraction, a date or a time";
  }
}

std::string place_text(std::string_view file, Place place) {
  return std::string(file) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

Table parse_document(std::string_view text, std::string_view file, Faults& faults) {
  if (const std::optional<Place> place = overlong_dotted_key(text)) {
    faults.add(place_text(file, *place), "a key has more than " + std::to_string(kKeyDotsMax) + " dots");
    return {};
  }
  const toml::parse_result result = toml::parse(text, file);
  if (result) return convert_table(result.table());
  const toml::parse_error& error = result.error();
  const Place place = place_of(error.source());
  const bool is_near_secret = line_of(text, place.line).find("secret") != std::string_view::npos;
  faults.add(place_text(file, place),
             is_near_secret ? without_quotes(error.description()) : std::string(error.description()));
  return {};
}

}  // namespace fanfare::config
