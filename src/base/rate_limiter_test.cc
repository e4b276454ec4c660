#include "base/rate_limiter.h"

#include <chrono>

#include <gtest/gtest.h>

namespace fanfare {
namespace {

using std::chrono::milliseconds;

MonotonicTime at(milliseconds time) { return MonotonicTime{} + std::chrono::hours(1) + time; }

int taken(TokenBucket& bucket, std::uint32_t per_second, MonotonicTime now, int tries) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += bucket.try_take(per_second, now) ? 1 : 0;
  return count;
}

TEST(TokenBucketTest, StartsWithASecondsWorth) {
  TokenBucket bucket;
  EXPECT_EQ(taken(bucket, 10, at(milliseconds(0)), 11), 10);
}

TEST(TokenBucketTest, EarnsAPlaceExactlyWhenItsTimeHasPassed) {
  TokenBucket bucket;
  ASSERT_EQ(taken(bucket, 10, at(milliseconds(0)), 10), 10);
  EXPECT_FALSE(bucket.try_take(10, at(milliseconds(99))));
  EXPECT_TRUE(bucket.try_take(10, at(milliseconds(100))));
  EXPECT_FALSE(bucket.try_take(10, at(milliseconds(101))));
}

TEST(TokenBucketTest, NeverHoldsMoreThanASecondsWorth) {
  TokenBucket bucket;
  ASSERT_EQ(taken(bucket, 5, at(milliseconds(0)), 5), 5);
  EXPECT_EQ(taken(bucket, 5, at(std::chrono::hours(24)), 100), 5);
}

TEST(TokenBucketTest, ZeroIsNoLimit) {
  TokenBucket bucket;
  EXPECT_EQ(taken(bucket, 0, at(milliseconds(0)), 10'000), 10'000);
}

TEST(TokenBucketTest, TheLargestRateDoesNotOverflow) {
  TokenBucket bucket;
  const std::uint32_t most = 0xFFFF'FFFF;
  EXPECT_TRUE(bucket.try_take(most, at(milliseconds(0))));
  EXPECT_TRUE(bucket.try_take(most, at(std::chrono::hours(1000))));
}

TEST(TokenBucketTest, AnEarlierTimeThanTheLastEarnsNothing) {
  TokenBucket bucket;
  ASSERT_EQ(taken(bucket, 2, at(milliseconds(5000)), 3), 2);
  EXPECT_FALSE(bucket.try_take(2, at(milliseconds(4000))));
}

}  // namespace
}  // namespace fanfare
