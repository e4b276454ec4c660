#include "access/channel_pattern.h"

#include <gtest/gtest.h>

namespace fanfare::access {
namespace {

ChannelPattern pattern(std::string_view text) {
  auto parsed = ChannelPattern::parse(text);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
  return *std::move(parsed);
}

// "user_id=7 room=a", or "-" for no match.
std::string match(std::string_view pattern_text, std::string_view name) {
  const ChannelPattern compiled = pattern(pattern_text);
  const auto bindings = compiled.match(name);
  if (!bindings) return "-";
  std::string text;
  for (const Binding& binding : *bindings) {
    if (!text.empty()) text += ' ';
    text += std::string(binding.variable) + "=" + std::string(binding.value);
  }
  return text;
}

TEST(ChannelPatternTest, AnExactNameMatchesItselfOnly) {
  EXPECT_EQ(match("agent-status", "agent-status"), "");
  EXPECT_EQ(match("agent-status", "agent-statuses"), "-");
  EXPECT_EQ(match("agent-status", "agent-statu"), "-");
  EXPECT_EQ(match("agent-status", "Agent-status"), "-");
  EXPECT_EQ(match("agent-status", ""), "-");
}

TEST(ChannelPatternTest, AVariableTakesOneOrMoreCharactersDashesIncluded) {
  EXPECT_EQ(match("private-user-{user_id}", "private-user-7"), "user_id=7");
  EXPECT_EQ(match("private-user-{user_id}", "private-user-0b9c-4e"), "user_id=0b9c-4e");
  EXPECT_EQ(match("private-user-{user_id}", "private-user-"), "-");
  EXPECT_EQ(match("private-user-{user_id}", "private-user"), "-");
  EXPECT_EQ(match("private-{id}-inbox", "private-7-inbox"), "id=7");
  EXPECT_EQ(match("private-{id}-inbox", "private--inbox"), "-");
  EXPECT_EQ(match("private-{id}-inbox", "private-inbox"), "-");
}

TEST(ChannelPatternTest, APlainRuleCoversEveryFormOfItsName) {
  for (const std::string_view name :
       {"private-user-7", "private-cache-user-7", "private-encrypted-user-7", "private-encrypted-cache-user-7"}) {
    EXPECT_EQ(match("private-user-{user_id}", name), "user_id=7") << name;
  }
  EXPECT_EQ(match("presence-{room}", "presence-cache-7"), "room=7");
  EXPECT_EQ(match("private-admin", "private-encrypted-admin"), "");
  // "cache-encrypted-" and "presence-encrypted-" are no forms: the word belongs to the name.
  EXPECT_EQ(match("private-admin", "private-cache-encrypted-admin"), "-");
  EXPECT_EQ(match("presence-admin", "presence-encrypted-admin"), "-");
}

TEST(ChannelPatternTest, ARuleInAnotherFormCoversThatFormOnly) {
  EXPECT_EQ(match("private-encrypted-{x}", "private-encrypted-a"), "x=a");
  EXPECT_EQ(match("private-encrypted-{x}", "private-a"), "-");
  EXPECT_EQ(match("private-encrypted-{x}", "private-encrypted-cache-a"), "-");
  EXPECT_EQ(match("presence-cache-{x}", "presence-a"), "-");
}

TEST(ChannelPatternTest, AVariableNeverReachesIntoThePrefix) {
  EXPECT_EQ(match("{x}", "private-a"), "-");
  EXPECT_EQ(match("{x}", "presence-a"), "-");
  EXPECT_EQ(match("{x}", "privateer"), "x=privateer");
  EXPECT_EQ(match("pr{x}", "private-a"), "-");
  EXPECT_EQ(match("private-{x}", "presence-a"), "-");
  EXPECT_EQ(match("private-{x}", "private-encrypted-a"), "x=a");
  EXPECT_EQ(match("private-enc{x}", "private-encrypted-a"), "-");
  EXPECT_EQ(match("{x}", "#server-to-user-7"), "-");
}

TEST(ChannelPatternTest, WhatNoChannelNameHasDoesNotBind) {
  using namespace std::string_view_literals;
  for (const std::string_view name :
       {"private-user-7\n"sv, "private-user-7\0"sv, "private-user-{user_id}"sv, "private-user-*"sv,
        "private-user-../7"sv, "private-user-7%00"sv, "private-user-é"sv, "private-user-7 "sv, "private-user-#7"sv}) {
    EXPECT_EQ(match("private-user-{user_id}", name), "-") << name;
  }
}

TEST(ChannelPatternTest, ANameThatCouldBeReadInTwoWaysDoesNotMatch) {
  EXPECT_EQ(match("private-{room}-user-{user_id}", "private-a-user-b"), "room=a user_id=b");
  EXPECT_EQ(match("private-{room}-user-{user_id}", "private-a-user-b-user-c"), "-");
  EXPECT_EQ(match("private-{a}-{b}", "private-x-y"), "a=x b=y");
  EXPECT_EQ(match("private-{a}-{b}", "private-x-y-z"), "-");
  EXPECT_EQ(match("private-{a}-{b}", "private-x-"), "-");
  EXPECT_EQ(match("private-{a}-{b}", "private--x"), "-");
  EXPECT_EQ(match("private-{a}-{b}", "private----"), "a=- b=-") << "one way: neither may be empty";
  EXPECT_EQ(match("{a}=={b},{c}", "x==y,z"), "a=x b=y c=z");
  EXPECT_EQ(match("{a}=={b},{c}", "x===y,z"), "-") << "a=x b==y or a=x= b=y";
}

TEST(ChannelPatternTest, RefusesWhatIsNoPattern) {
  for (const std::string_view text :
       {"", "private-", "presence-cache-", "private-{", "private-{}", "private-}", "private-{a b}", "private-{a}{b}",
        "private-{a}-{a}", "private-*", "a b", "#server-to-user-{id}", "#server-to-user-7", "x#y", "{a{b}}",
        "{a}-{b}-{c}-{d}-{e}", "private-user-é"}) {
    EXPECT_FALSE(ChannelPattern::parse(text).ok()) << text;
  }
  EXPECT_TRUE(ChannelPattern::parse("{a}-{b}-{c}-{d}").ok());
}

TEST(ChannelPatternTest, ExactNamesGoFirstThenTheLongerLiteralPrefix) {
  EXPECT_TRUE(pattern("agent-status").precedes(pattern("agent-{agent_id}")));
  EXPECT_FALSE(pattern("agent-{agent_id}").precedes(pattern("agent-status")));
  EXPECT_TRUE(pattern("private-user-{id}").precedes(pattern("private-{x}")));
  EXPECT_TRUE(pattern("private-encrypted-{x}").precedes(pattern("private-{x}")));
  EXPECT_TRUE(pattern("private-{x}-inbox").precedes(pattern("private-{x}")));
  EXPECT_TRUE(pattern("private-ab{x}").precedes(pattern("private-a{x}-much-longer-text")));
  EXPECT_FALSE(pattern("private-{x}").precedes(pattern("private-{y}")));
  EXPECT_TRUE(pattern("private-{x}").is_same_as(pattern("private-{y}")));
  EXPECT_FALSE(pattern("private-{x}").is_same_as(pattern("presence-{x}")));
}

}  // namespace
}  // namespace fanfare::access
