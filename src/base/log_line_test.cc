#include "base/log_line.h"

#include <limits>

#include <gtest/gtest.h>

namespace fanfare {
namespace {

TEST(LogLineTest, TextIsMessageThenPairs) {
  EXPECT_EQ(text_log_line("net", "listening", {{"address", "127.0.0.1:6001"}, {"loops", 2}}),
            "net: listening address=127.0.0.1:6001 loops=2");
}

TEST(LogLineTest, TextQuotesWhatWouldBeReadAsMoreThanOneValue) {
  EXPECT_EQ(text_log_line("m", "x", {{"a", "two words"}, {"b", ""}, {"c", "k=v"}, {"d", R"(say "hi" \ bye)"}}),
            R"(m: x a="two words" b="" c="k=v" d="say \"hi\" \\ bye")");
}

TEST(LogLineTest, TextStaysOneLineWhateverTheValuesHold) {
  EXPECT_EQ(text_log_line("m", "first\nsecond", {{"a", std::string_view("\n\r\t\x01\x7F\0", 6)}}),
            R"(m: first\nsecond a="\n\r\t\u0001\u007f\u0000")");
}

TEST(LogLineTest, JsonIsTheMembersOfOneObject) {
  EXPECT_EQ(json_log_members("net", "listening", {{"address", "127.0.0.1:6001"}, {"loops", 2}, {"load", 0.5}}),
            R"("module":"net","message":"listening","address":"127.0.0.1:6001","loops":2,"load":0.500000)");
}

TEST(LogLineTest, JsonEscapesAndKeepsUtf8) {
  EXPECT_EQ(json_log_members("m", "caf\xC3\xA9 \"x\"\n", {{"k", "\xF0\x9F\x8E\xBA"}}),
            "\"module\":\"m\",\"message\":\"caf\xC3\xA9 \\\"x\\\"\\n\",\"k\":\"\xF0\x9F\x8E\xBA\"");
}

TEST(LogLineTest, JsonReplacesWhatIsNotUtf8) {
  const std::string replaced = "\xEF\xBF\xBD";
  // A lone continuation byte, an overlong form, a surrogate, beyond U+10FFFF, and a sequence cut short.
  EXPECT_EQ(json_log_members("m", "\x80", {}), "\"module\":\"m\",\"message\":\"" + replaced + "\"");
  EXPECT_EQ(json_log_members("m", "\xC0\xAF", {}), "\"module\":\"m\",\"message\":\"" + replaced + replaced + "\"");
  EXPECT_EQ(json_log_members("m", "\xED\xA0\x80", {}),
            "\"module\":\"m\",\"message\":\"" + replaced + replaced + replaced + "\"");
  EXPECT_EQ(json_log_members("m", "\xF4\x90\x80\x80", {}),
            "\"module\":\"m\",\"message\":\"" + replaced + replaced + replaced + replaced + "\"");
  EXPECT_EQ(json_log_members("m", "a\xE2\x82", {}), "\"module\":\"m\",\"message\":\"a" + replaced + replaced + "\"");
}

TEST(LogLineTest, WhatJsonHasNoNumberForIsAString) {
  EXPECT_EQ(json_log_members("m", "x",
                             {{"load", std::numeric_limits<double>::quiet_NaN()},
                              {"peak", std::numeric_limits<double>::infinity()}}),
            R"("module":"m","message":"x","load":"nan","peak":"inf")");
}

}  // namespace
}  // namespace fanfare
