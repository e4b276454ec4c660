#include "api/channel_info.h"

#include <gtest/gtest.h>

namespace fanfare::api {
namespace {

std::string counts(const ChannelInfo& info, std::string_view channel) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object();
  append_counts(writer, info, pusher::channel_traits(channel), {.subscription_count = 3, .user_count = 2});
  writer.end_object();
  return text;
}

TEST(ChannelInfoTest, ReadsAListWithSpaces) {
  core::App app;
  app.switches.subscription_count = true;
  const auto info = parse_channel_info(" user_count , subscription_count,cache ", app, {true, true});
  ASSERT_TRUE(info.ok());
  EXPECT_TRUE(info->user_count && info->subscription_count && info->cache);
  EXPECT_FALSE(parse_channel_info("", app, {})->any());
}

TEST(ChannelInfoTest, NamesWhatTheEndpointKnowsAndWhatItFound) {
  EXPECT_EQ(parse_channel_info("members", core::App{}, {true, true}).error().message,
            "info should be a comma separated list of attributes (user_count, subscription_count, cache), found "
            "\"members\"");
  EXPECT_EQ(parse_channel_info("cache", core::App{}, {false, false}).error().message,
            "info should be a comma separated list of attributes (user_count), found \"cache\"");
}

TEST(ChannelInfoTest, LeavesOutWhatDoesNotApply) {
  EXPECT_EQ(counts({.user_count = true, .subscription_count = true}, "presence-a"),
            R"({"user_count":2,"subscription_count":3})");
  EXPECT_EQ(counts({.user_count = true, .subscription_count = true}, "orders"), R"({"subscription_count":3})");
  EXPECT_EQ(counts({.user_count = true}, "orders"), "{}");
  EXPECT_EQ(counts({}, "presence-a"), "{}");
}

}  // namespace
}  // namespace fanfare::api
