#include "config/value_text.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "config/suggestion.h"

namespace fanfare::config {

namespace {

constexpr std::size_t kListItemBytesMax = 300;

Error unexpected(const SettingInfo& info, std::string_view found) {
  return invalid("expected " + expectation(info) + ", found " + std::string(found));
}

std::string quoted(std::string_view text) { return "\"" + printable(text) + "\""; }

bool has_control_characters(std::string_view text, bool is_multiline = false) {
  return std::ranges::any_of(text, [&](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    const bool is_line_end = letter == '\n' || letter == '\r';
    return (byte < 0x20 || byte == 0x7F) && !(is_multiline && is_line_end);
  });
}

Result<Value> checked_integer(const SettingInfo& info, std::int64_t value) {
  if (value < info.min || value > info.max) return unexpected(info, std::to_string(value));
  return Value(value);
}

Result<Value> checked_text(const SettingInfo& info, const std::string& text) {
  const auto size = static_cast<std::int64_t>(text.size());
  if (size < info.min || size > info.max) return unexpected(info, std::to_string(size) + " bytes");
  if (has_control_characters(text, info.is_multiline)) return unexpected(info, "control characters");
  return Value(text);
}

Result<Value> checked_choice(const SettingInfo& info, std::string_view word) {
  const auto found = std::ranges::find(info.choices, word);
  if (found == info.choices.end()) {
    const std::vector<std::string> words(info.choices.begin(), info.choices.end());
    return unexpected(info, quoted(word) + did_you_mean(word, words));
  }
  return Value(std::int64_t{found - info.choices.begin()});
}

// "a, b": as variables and flags have it. Empty items are left out.
Array list_of(std::string_view text) {
  Array items;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view item = text.substr(0, comma);
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty()) items.push_back({.place = {}, .value = std::string(item)});
  }
  return items;
}

Result<Value> checked_list(const SettingInfo& info, const Array& items) {
  const auto size = static_cast<std::int64_t>(items.size());
  if (size > info.max) return unexpected(info, std::to_string(size) + " items");
  TextList list;
  for (const Node& item : items) {
    const auto* text = std::get_if<std::string>(&item.value);
    if (text == nullptr) return unexpected(info, std::string(kind_name(item)) + " in the array");
    if (text->empty() || text->size() > kListItemBytesMax || has_control_characters(*text)) {
      return unexpected(info, quoted(*text) + " in the array");
    }
    list.push_back(*text);
  }
  return Value(std::move(list));
}

Result<Value> checked_node(const SettingInfo& info, const Node& node) {
  switch (info.kind) {
    case ValueKind::kBoolean:
      if (const auto* boolean = std::get_if<bool>(&node.value)) return Value(*boolean);
      break;
    case ValueKind::kInteger:
      if (const auto* integer = std::get_if<std::int64_t>(&node.value)) return checked_integer(info, *integer);
      break;
    case ValueKind::kText:
      if (const auto* text = std::get_if<std::string>(&node.value)) return checked_text(info, *text);
      break;
    case ValueKind::kChoice:
      if (const auto* text = std::get_if<std::string>(&node.value)) return checked_choice(info, *text);
      break;
    case ValueKind::kTextList:
      if (const auto* items = std::get_if<Array>(&node.value)) return checked_list(info, *items);
      break;
  }
  return unexpected(info, kind_name(node));
}

std::optional<std::int64_t> integer_of(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::string expectation(const SettingInfo& info) {
  switch (info.kind) {
    case ValueKind::kBoolean:
      return "true or false";
    case ValueKind::kInteger:
      return "an integer from " + std::to_string(info.min) + " to " + std::to_string(info.max);
    case ValueKind::kText:
      return "a string of " + std::to_string(info.min) + " to " + std::to_string(info.max) + " bytes on one line";
    case ValueKind::kTextList:
      return "an array of at most " + std::to_string(info.max) + " strings of 1 to " +
             std::to_string(kListItemBytesMax) + " bytes";
    case ValueKind::kChoice:
      break;
  }
  std::string text = "one of";
  for (const std::string_view word : info.choices) {
    text += (text.ends_with('f') ? " \"" : ", \"") + std::string(word) + "\"";
  }
  return text;
}

Result<Value> value_of_node(const SettingInfo& info, const Node& node) {
  Result<Value> value = checked_node(info, node);
  if (value.ok()) return value;
  return invalid(std::string(info.key) + ": " + value.error().message);
}

Result<Value> value_of_text(const SettingInfo& info, const std::string& text) {
  switch (info.kind) {
    case ValueKind::kBoolean:
      if (text == "true" || text == "1") return Value(true);
      if (text == "false" || text == "0") return Value(false);
      break;
    case ValueKind::kInteger:
      if (const std::optional<std::int64_t> integer = integer_of(text)) return checked_integer(info, *integer);
      break;
    case ValueKind::kText:
      return checked_text(info, text);
    case ValueKind::kChoice:
      return checked_choice(info, text);
    case ValueKind::kTextList:
      return checked_list(info, list_of(text));
  }
  return unexpected(info, quoted(text));
}

std::string toml_string(std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string result = "\"";
  for (const char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    if (letter == '"' || letter == '\\') {
      result += '\\';
      result += letter;
    } else if (byte < 0x20 || byte == 0x7F) {
      result += "\\u00";
      result += kHex[byte >> 4U];
      result += kHex[byte & 0xFU];
    } else {
      result += letter;
    }
  }
  return result + "\"";
}

std::string toml_text(const SettingInfo& info, const Value& value) {
  if (info.is_secret) return value == Value(std::string()) ? "\"\"" : "\"(redacted)\"";
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* text = std::get_if<std::string>(&value)) return toml_string(*text);
  if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    if (info.kind != ValueKind::kChoice) return std::to_string(*integer);
    return toml_string(info.choices[static_cast<std::size_t>(*integer)]);
  }
  std::string list;
  for (const std::string& item : std::get<TextList>(value)) list += (list.empty() ? "" : ", ") + toml_string(item);
  return "[" + list + "]";
}

}  // namespace fanfare::config
