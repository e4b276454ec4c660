#include "core/app.h"

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

constexpr std::int64_t kNow = 5'000'000;  // ms

TEST(AppUsageTest, WithoutALimitEverythingIsTaken) {
  AppUsage usage;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(usage.try_take_publishes(100, 0, kNow));
}

TEST(AppUsageTest, ASecondsWorthAtOnceAndNotOneMore) {
  AppUsage usage;
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(usage.try_take_publishes(1, 10, kNow));
  EXPECT_FALSE(usage.try_take_publishes(1, 10, kNow));
}

TEST(AppUsageTest, TheAllowanceComesBackAtItsRate) {
  AppUsage usage;
  EXPECT_TRUE(usage.try_take_publishes(10, 10, kNow));
  EXPECT_FALSE(usage.try_take_publishes(1, 10, kNow + 99));
  EXPECT_TRUE(usage.try_take_publishes(1, 10, kNow + 100));
  EXPECT_FALSE(usage.try_take_publishes(1, 10, kNow + 100));
  EXPECT_TRUE(usage.try_take_publishes(10, 10, kNow + 60'000));  // a second's worth, however long it was quiet
  EXPECT_FALSE(usage.try_take_publishes(1, 10, kNow + 60'000));
}

// A batch of ten under a limit of three a second was refused for ever, with advice to try again.
TEST(AppUsageTest, ABatchBeyondASecondsWorthPassesWhenIdleAndIsPaidForAfterwards) {
  AppUsage usage;
  EXPECT_TRUE(usage.try_take_publishes(10, 4, kNow));
  EXPECT_FALSE(usage.try_take_publishes(1, 4, kNow + 1749));
  EXPECT_TRUE(usage.try_take_publishes(1, 4, kNow + 1750));
  EXPECT_FALSE(usage.try_take_publishes(10, 4, kNow + 2000)) << "not idle yet";
}

TEST(AppUsageTest, ABatchIsTakenWholeOrNotAtAll) {
  AppUsage usage;
  EXPECT_TRUE(usage.try_take_publishes(7, 10, kNow));
  EXPECT_FALSE(usage.try_take_publishes(4, 10, kNow));
  EXPECT_TRUE(usage.try_take_publishes(3, 10, kNow));
}

}  // namespace
}  // namespace fanfare::core
