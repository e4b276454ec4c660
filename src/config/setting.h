// Setting: one line of the table that loading, checking, showing, describing and the flags are made from.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace fanfare::config {

enum class ValueKind : std::uint8_t {
  kBoolean,
  kInteger,
  kText,
  kChoice,    // one of a few words; as a Value the index of the word
  kTextList,  // as text with commas between its items
};

using TextList = std::vector<std::string>;
using Value = std::variant<bool, std::int64_t, std::string, TextList>;

struct SettingInfo {
  std::string_view table{};  // "server", "metrics", "log", "apps", "apps.limits"
  std::string_view key{};
  std::int64_t min = 0;  // kInteger: of the value; kText: of its bytes
  std::int64_t max = 0;
  std::string_view unit{};                      // "bytes"; durations know theirs
  std::string_view zero{};                      // what 0 means, where it is special
  std::span<const std::string_view> choices{};  // kChoice: in the order of the enumerators, which begin at 0
  std::string_view text{};                      // what it does: a sentence or two
  bool reloadable = false;                      // else it needs a restart
  bool is_secret = false;                       // never shown
  bool is_multiline = false;                    // kText: may have line ends
  ValueKind kind = ValueKind::kInteger;         // from the type of the field
};

// `read` and `write` reach the field in a Config or an App.
template <typename Target>
struct Setting {
  SettingInfo info;
  Value (*read)(const Target&) = nullptr;
  void (*write)(Target&, const Value&) = nullptr;  // the value has passed check_value()
};

namespace detail {

template <typename Field>
concept Duration = requires {
  typename Field::period;
  typename Field::rep;
};

// The field at the end of a path of members.
template <auto First, auto... Rest>
constexpr auto& field_of(auto& object) {
  if constexpr (sizeof...(Rest) == 0) {
    return object.*First;
  } else {
    return field_of<Rest...>(object.*First);
  }
}

template <typename Field>
constexpr ValueKind kind_of() {
  if constexpr (std::same_as<Field, bool>) return ValueKind::kBoolean;
  if constexpr (std::same_as<Field, std::string>) return ValueKind::kText;
  if constexpr (std::same_as<Field, TextList>) return ValueKind::kTextList;
  if constexpr (std::is_enum_v<Field>) return ValueKind::kChoice;
  return ValueKind::kInteger;
}

template <typename Field>
constexpr std::string_view unit_of(std::string_view given) {
  if constexpr (Duration<Field>) {
    if (std::ratio_equal_v<typename Field::period, std::milli>) return "milliseconds";
    if (std::ratio_equal_v<typename Field::period, std::ratio<1>>) return "seconds";
  }
  return given;
}

template <typename Field>
Value value_of(const Field& field) {
  if constexpr (Duration<Field>) {
    return static_cast<std::int64_t>(field.count());
  } else if constexpr (std::is_enum_v<Field> || (std::integral<Field> && !std::same_as<Field, bool>)) {
    return static_cast<std::int64_t>(field);
  } else {
    return field;
  }
}

template <typename Field>
void assign(Field& field, const Value& value) {
  if constexpr (Duration<Field>) {
    field = Field(std::get<std::int64_t>(value));
  } else if constexpr (std::is_enum_v<Field> || (std::integral<Field> && !std::same_as<Field, bool>)) {
    field = static_cast<Field>(std::get<std::int64_t>(value));
  } else {
    field = std::get<Field>(value);
  }
}

}  // namespace detail

// The setting of the field that `Path` leads to: setting<Config, &Config::net, &net::NetOptions::port>({...}).
template <typename Target, auto... Path>
Setting<Target> setting(SettingInfo info) {
  using Field = std::remove_cvref_t<decltype(detail::field_of<Path...>(std::declval<Target&>()))>;
  info.kind = detail::kind_of<Field>();
  info.unit = detail::unit_of<Field>(info.unit);
  if (info.kind == ValueKind::kChoice) info.max = static_cast<std::int64_t>(info.choices.size()) - 1;
  return {
      .info = info,
      .read = [](const Target& target) { return detail::value_of(detail::field_of<Path...>(target)); },
      .write = [](Target& target, const Value& value) { detail::assign(detail::field_of<Path...>(target), value); }};
}

}  // namespace fanfare::config
