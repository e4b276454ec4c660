#include "cli/event_line.h"

#include <chrono>

#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

const WallTime kTime{std::chrono::milliseconds(1'353'088'179'007)};

TEST(EventLineTest, TellsTheTimeInUtcToTheMillisecond) { EXPECT_EQ(time_text(kTime), "2012-11-16T17:49:39.007Z"); }

TEST(EventLineTest, HasTimeChannelEventAndData) {
  const ReceivedEvent event{
      .event = "hello", .channel = "my-channel", .data = R"({"a":1})", .data_token = {}, .user_id = {}};
  EXPECT_EQ(line_of(event, kTime), R"(2012-11-16T17:49:39.007Z  my-channel  hello  {"a":1})");
}

TEST(EventLineTest, IsOneLineWhateverTheEventHolds) {
  const ReceivedEvent event{.event = "a\nb", .channel = {}, .data = "x\n\x1b[2Jy", .data_token = {}, .user_id = "u\n7"};
  EXPECT_EQ(line_of(event, kTime), R"(2012-11-16T17:49:39.007Z  -  a\nb  x\n\u001b[2Jy  (user u\n7))");
}

TEST(EventLineTest, JsonKeepsTheDataAsItCame) {
  const ReceivedEvent event{
      .event = "a\"b", .channel = "c", .data = "ignored", .data_token = R"("{\"a\":1}")", .user_id = "u7"};
  EXPECT_EQ(json_line_of(event, kTime),
            R"({"time":"2012-11-16T17:49:39.007Z","channel":"c","event":"a\"b","data":"{\"a\":1}","user_id":"u7"})");
}

TEST(EventLineTest, JsonLeavesOutWhatIsNotThereAndStaysOneLine) {
  const ReceivedEvent event{.event = "e", .channel = {}, .data = {}, .data_token = "{\n\"a\": 1\n}", .user_id = {}};
  EXPECT_EQ(json_line_of(event, kTime), R"({"time":"2012-11-16T17:49:39.007Z","event":"e","data":{"a":1}})");
  EXPECT_EQ(json_line_of({.event = "e"}, kTime), R"({"time":"2012-11-16T17:49:39.007Z","event":"e"})");
}

}  // namespace
}  // namespace fanfare::cli
