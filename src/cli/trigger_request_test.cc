#include "cli/trigger_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TriggerArguments words(std::vector<std::string> words, std::vector<std::string> channels = {}) {
  return {.words = std::move(words), .channels = std::move(channels), .socket_id = {}, .info = {}};
}

TEST(TriggerRequestTest, TakesChannelEventAndData) {
  const auto request = make_trigger_request(words({"my-channel", "hello", R"({"a":1})"}));
  ASSERT_TRUE(request.ok());
  EXPECT_THAT(request->channels, ElementsAre("my-channel"));
  EXPECT_EQ(request->event, "hello");
  EXPECT_EQ(trigger_body(*request).ok(), true);
  EXPECT_EQ(*trigger_body(*request), R"({"name":"hello","channels":["my-channel"],"data":"{\"a\":1}"})");
}

TEST(TriggerRequestTest, TakesFurtherChannelsEachOnce) {
  const auto request = make_trigger_request(words({"a", "hello", ""}, {"b", "a", "b"}));
  ASSERT_TRUE(request.ok());
  EXPECT_THAT(request->channels, ElementsAre("a", "b"));
  const auto without_first = make_trigger_request(words({"hello", "data"}, {"b", "c"}));
  ASSERT_TRUE(without_first.ok());
  EXPECT_THAT(without_first->channels, ElementsAre("b", "c"));
  EXPECT_EQ(without_first->event, "hello");
}

TEST(TriggerRequestTest, PutsSocketIdAndInfoIntoTheBody) {
  TriggerArguments arguments = words({"c", "e", "[1,2]"});
  arguments.socket_id = "12.34";
  arguments.info = "user_count";
  const auto request = make_trigger_request(arguments);
  ASSERT_TRUE(request.ok());
  EXPECT_EQ(*trigger_body(*request),
            R"({"name":"e","channels":["c"],"data":"[1,2]","socket_id":"12.34","info":"user_count"})");
}

TEST(TriggerRequestTest, SaysWhatIsMissingOrWrong) {
  for (const auto& arguments : {words({}), words({"c"}), words({"c", "e"}), words({"e"}, {"c"})}) {
    const auto request = make_trigger_request(arguments);
    ASSERT_FALSE(request.ok());
    EXPECT_THAT(request.error().message, HasSubstr("expected CHANNEL EVENT DATA"));
  }
  EXPECT_THAT(make_trigger_request(words({"no spaces", "e", "d"})).error().message, HasSubstr("Invalid channel name"));
  EXPECT_THAT(make_trigger_request(words({"c", "", "d"})).error().message, HasSubstr("event's name"));
  TriggerArguments arguments = words({"c", "e", "d"});
  arguments.socket_id = "12";
  EXPECT_THAT(make_trigger_request(arguments).error().message, HasSubstr("--socket-id"));
}

TEST(TriggerRequestTest, RefusesWhatJsonCannotCarry) {
  EXPECT_FALSE(trigger_body({.channels = {"c"}, .event = "e", .data = "\xFF"}).ok());
  EXPECT_FALSE(trigger_body({.channels = {"c"}, .event = "\xFF", .data = ""}).ok());
}

}  // namespace
}  // namespace fanfare::cli
