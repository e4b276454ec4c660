// The table of settings itself: that its lines are true, whatever they are.
#include "config/settings.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/value_text.h"

namespace fanfare::config {
namespace {

bool is_in_range(const SettingInfo& info, const Value& value) {
  const auto* integer = std::get_if<std::int64_t>(&value);
  return integer == nullptr || (*integer >= info.min && *integer <= info.max);
}

template <typename Target>
void expect_range(const Setting<Target>& setting, std::int64_t value, bool is_allowed) {
  const Node node{.place = {}, .value = value};
  const Result<Value> from_file = value_of_node(setting.info, node);
  const Result<Value> from_text = value_of_text(setting.info, std::to_string(value));
  EXPECT_EQ(from_file.ok(), is_allowed) << path_of(setting.info) << " " << value;
  EXPECT_EQ(from_text.ok(), is_allowed) << path_of(setting.info) << " " << value;
  if (!from_file.ok() || !is_allowed) return;
  Target target;
  setting.write(target, *from_file);
  EXPECT_EQ(setting.read(target), *from_file) << path_of(setting.info) << " does not hold " << value;
}

template <typename Target>
void expect_text_range(const Setting<Target>& setting, std::int64_t size, bool is_allowed) {
  const Node node{.place = {}, .value = std::string(static_cast<std::size_t>(size), 'x')};
  EXPECT_EQ(value_of_node(setting.info, node).ok(), is_allowed) << path_of(setting.info) << " " << size << " bytes";
}

template <typename Target>
void expect_ranges(const std::vector<Setting<Target>>& settings) {
  for (const Setting<Target>& setting : settings) {
    const SettingInfo& info = setting.info;
    if (info.kind == ValueKind::kInteger) {
      expect_range(setting, info.min - 1, false);
      expect_range(setting, info.min, true);
      expect_range(setting, info.min + 1, true);
      expect_range(setting, info.max - 1, true);
      expect_range(setting, info.max, true);
      expect_range(setting, info.max + 1, false);
    } else if (info.kind == ValueKind::kText) {
      if (info.min > 0) expect_text_range(setting, info.min - 1, false);
      expect_text_range(setting, info.min, true);
      expect_text_range(setting, info.max, true);
      expect_text_range(setting, info.max + 1, false);
    }
  }
}

TEST(SettingsTest, EveryRangeHoldsAtItsEndsAndFitsItsField) {
  expect_ranges(config_settings());
  expect_ranges(app_settings());
}

TEST(SettingsTest, EveryDefaultIsInItsRange) {
  for (const auto& setting : config_settings()) {
    EXPECT_TRUE(is_in_range(setting.info, setting.read(Config()))) << path_of(setting.info);
  }
  for (const auto& setting : app_settings()) {
    EXPECT_TRUE(is_in_range(setting.info, setting.read(core::App()))) << path_of(setting.info);
  }
}

TEST(SettingsTest, EachWordOfAChoiceReadsBack) {
  for (const auto& setting : config_settings()) {
    if (setting.info.kind != ValueKind::kChoice) continue;
    for (const std::string_view word : setting.info.choices) {
      const Result<Value> value = value_of_text(setting.info, std::string(word));
      ASSERT_TRUE(value.ok()) << word;
      Config config;
      setting.write(config, *value);
      EXPECT_EQ(toml_text(setting.info, setting.read(config)), "\"" + std::string(word) + "\"");
    }
    EXPECT_FALSE(value_of_text(setting.info, "").ok());
    EXPECT_FALSE(value_of_text(setting.info, "Info").ok());
  }
}

TEST(SettingsTest, ANameTellsItsUnitAndNoNameIsThereTwice) {
  std::set<std::string> paths;
  const auto check = [&](const SettingInfo& info) {
    EXPECT_TRUE(paths.insert(path_of(info)).second) << path_of(info);
    EXPECT_EQ(info.key.ends_with("_seconds"), info.unit == "seconds") << path_of(info);
    EXPECT_EQ(info.key.ends_with("_ms"), info.unit == "milliseconds") << path_of(info);
    EXPECT_TRUE(info.text.ends_with(".")) << path_of(info);
    EXPECT_LE(info.min, info.max) << path_of(info);
    EXPECT_TRUE(info.zero.empty() || info.min == 0) << path_of(info);
  };
  std::set<std::string> flags;
  for (const auto& setting : config_settings()) {
    check(setting.info);
    EXPECT_TRUE(flags.insert(flag_of(setting.info)).second) << flag_of(setting.info);
  }
  for (const auto& setting : app_settings()) {
    check(setting.info);
    EXPECT_TRUE(setting.info.reloadable) << path_of(setting.info);
  }
}

TEST(SettingsTest, FlagsAndVariablesFollowFromTheKey) {
  const SettingInfo port{.table = "server", .key = "port"};
  const SettingInfo level{.table = "log", .key = "level"};
  EXPECT_EQ(flag_of(port), "port");
  EXPECT_EQ(variable_of(port), "FANFARE_PORT");
  EXPECT_EQ(flag_of(level), "log-level");
  EXPECT_EQ(variable_of(level), "FANFARE_LOG_LEVEL");
}

TEST(SettingsTest, AWrongTypeIsNamed) {
  const SettingInfo number{.key = "n", .max = 9};
  const SettingInfo boolean{.key = "b", .kind = ValueKind::kBoolean};
  const auto message = [](const SettingInfo& info, auto value) {
    return value_of_node(info, Node{.place = {}, .value = std::move(value)}).error().message;
  };
  EXPECT_EQ(message(number, true), "n: expected an integer from 0 to 9, found a boolean");
  EXPECT_EQ(message(number, Array()), "n: expected an integer from 0 to 9, found an array");
  EXPECT_EQ(message(number, Other()),
            "n: expected an integer from 0 to 9, found a number with a fraction, a date or a time");
  EXPECT_EQ(message(boolean, std::int64_t{1}), "b: expected true or false, found an integer");
  EXPECT_EQ(message(boolean, Table()), "b: expected true or false, found a table");
}

TEST(SettingsTest, IntegersInTextAreWhole) {
  const SettingInfo number{.key = "n", .min = -9, .max = 9};
  EXPECT_EQ(std::get<std::int64_t>(*value_of_text(number, "-7")), -7);
  for (const char* text : {"", " 7", "7 ", "+7", "7.0", "0x7", "7seconds", "99999999999999999999"}) {
    EXPECT_FALSE(value_of_text(number, text).ok()) << text;
  }
}

TEST(SettingsTest, TextsAreOneLineAndListsAreBounded) {
  const SettingInfo text{.key = "t", .max = 9, .kind = ValueKind::kText};
  EXPECT_FALSE(value_of_text(text, "a\nb").ok());
  EXPECT_FALSE(value_of_text(text, std::string(1, '\0')).ok());
  EXPECT_TRUE(value_of_text(text, "äöü").ok());

  const SettingInfo list{.key = "l", .max = 2, .kind = ValueKind::kTextList};
  const auto items = [](std::size_t count, const std::string& item) {
    return Node{.place = {}, .value = Array(count, Node{.place = {}, .value = item})};
  };
  EXPECT_TRUE(value_of_node(list, items(0, "")).ok());
  EXPECT_TRUE(value_of_node(list, items(2, "x")).ok());
  EXPECT_FALSE(value_of_node(list, items(3, "x")).ok());
  EXPECT_FALSE(value_of_node(list, items(1, "")).ok());
  EXPECT_FALSE(value_of_node(list, items(1, std::string(301, 'x'))).ok());
}

TEST(SettingsTest, StringsAreEscapedForToml) {
  EXPECT_EQ(toml_string("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(toml_string("a\nb"), R"("a\u000Ab")");
}

}  // namespace
}  // namespace fanfare::config
