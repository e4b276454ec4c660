#include "cli/channel_table.h"

#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

TEST(ChannelTableTest, ListsChannelsInOrderWithTheirAttributes) {
  const auto table = channels_table(R"({"channels":{"presence-long":{"user_count":12},"a":{},"b":{"x":"y"}}})");
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(*table,
            "CHANNEL        user_count  x\n"
            "a\n"
            "b              -           y\n"
            "presence-long  12\n"
            "3 occupied channels.");
}

TEST(ChannelTableTest, SaysThatThereIsNone) {
  EXPECT_EQ(*channels_table(R"({"channels":{}})"), "No occupied channels.");
}

TEST(ChannelTableTest, ShowsOneChannel) {
  EXPECT_EQ(*channel_table("cache-c", R"({"occupied":true,"user_count":3,"cache":{"data":"a\nb","ttl":7}})"),
            "channel     cache-c\n"
            "occupied    true\n"
            "user_count  3\n"
            "cache       {\"data\":\"a\\nb\",\"ttl\":7}");
}

TEST(ChannelTableTest, ListsUsers) {
  EXPECT_EQ(*users_table("presence-r", R"({"users":[{"id":"u7"},{"id":"\u001b"}]})"),
            "USER\nu7\n\\u001b\n2 users in presence-r.");
  EXPECT_EQ(*users_table("presence-r", R"({"users":[{"id":7}]})"), "USER\n7\n1 user in presence-r.");
  EXPECT_EQ(*users_table("presence-r", R"({"users":[]})"), "No users in presence-r.");
}

TEST(ChannelTableTest, RefusesOtherDocuments) {
  for (const char* answer : {"", "<html>", "[]", "{}", R"({"channels":[]})", R"({"users":{}})", R"({"users":[1]})"}) {
    EXPECT_FALSE(channels_table(answer).ok()) << answer;
    EXPECT_FALSE(channel_table("c", answer).ok()) << answer;
    EXPECT_FALSE(users_table("c", answer).ok()) << answer;
  }
}

}  // namespace
}  // namespace fanfare::cli
