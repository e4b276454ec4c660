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

TEST(PresenceLogTest, ReadsTheRostersCount) {
  EXPECT_EQ(roster_count(R"({"data":"{\"presence\":{\"ids\":[\"a\"],\"hash\":{\"a\":{}},\"count\":17}}"})"), 17U);
  EXPECT_EQ(roster_count(R"({"data":"{\"presence\":{\"count\":2,\"ids\":[]}}","channel":"c"})"), 2U);
  EXPECT_EQ(roster_count(R"({"data":"{}"})"), 0U);
}

}  // namespace
}  // namespace fanfare::bench
