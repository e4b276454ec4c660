#include "bench/presence_log.h"

#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

TEST(PresenceLogTest, JoinsOneByOneAreToldToThoseWhoAreIn) {
  PresenceLog log(3);
  log.join(0, 1);
  log.join(1, 2);
  EXPECT_TRUE(log.record(0, 1));
  log.join(2, 3);
  EXPECT_TRUE(log.record(0, 2));
  EXPECT_EQ(log.expected(), 3U);
  EXPECT_EQ(log.lost(), 1U);
  EXPECT_TRUE(log.record(1, 2));
  EXPECT_EQ(log.received(), 3U);
  EXPECT_EQ(log.lost(), 0U);
}

TEST(PresenceLogTest, CountsRepeatedAndWrongOnes) {
  PresenceLog log(3);
  EXPECT_TRUE(log.record(0, 1));
  EXPECT_FALSE(log.record(0, 1));
  EXPECT_FALSE(log.record(0, 0));
  EXPECT_FALSE(log.record(0, 3));
  EXPECT_EQ(log.doubled(), 1U);
  EXPECT_EQ(log.misdelivered(), 2U);
}

TEST(PresenceLogTest, WhoIsToldBehindOneThatJoinedLaterIsReordered) {
  PresenceLog log(5);
  // In a storm one may hear of a member before that one has its own roster.
  for (const std::uint64_t other : {2U, 1U, 4U, 3U}) EXPECT_TRUE(log.record(0, other));
  for (const std::uint64_t other : {2U, 3U}) EXPECT_TRUE(log.record(1, other));
  EXPECT_EQ(log.reordered(), 0U) << "nobody's place is known yet";
  for (std::uint32_t member = 0; member < 4; ++member) log.join(member, member + 1);
  EXPECT_EQ(log.reordered(), 1U) << "member 1 came behind 2; 4 has no roster, so that 3 is in order";
  log.join(4, 5);
  EXPECT_EQ(log.reordered(), 2U);
  EXPECT_EQ(log.lost(), 4U) << "1 of 4, 2 of 3 and 4, 3 of 4";
}

TEST(PresenceLogTest, MembersOfTheSamePlaceAreInNoOrder) {
  PresenceLog log(3);  // two nodes that count for themselves
  log.join(0, 1);
  log.join(1, 2);
  log.join(2, 2);
  log.record(0, 2);
  log.record(0, 1);
  EXPECT_EQ(log.reordered(), 0U);
}

TEST(PresenceLogTest, ReadsTheRostersCount) {
  EXPECT_EQ(roster_count(R"({"data":"{\"presence\":{\"ids\":[\"a\"],\"hash\":{\"a\":{}},\"count\":17}}"})"), 17U);
  EXPECT_EQ(roster_count(R"({"data":"{\"presence\":{\"count\":2,\"ids\":[]}}","channel":"c"})"), 2U);
  EXPECT_EQ(roster_count(R"({"data":"{}"})"), 0U);
}

}  // namespace
}  // namespace fanfare::bench
