#include "sdk/retry.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using std::chrono::milliseconds;

TEST(SdkRetryTest, WhatWasCertainlyNotSentMayAlwaysBeRepeated) {
  for (const ErrorKind kind : {ErrorKind::kUnavailable, ErrorKind::kTimeout}) {
    EXPECT_TRUE(may_repeat({.kind = kind, .outcome_unknown = false}, false));
    EXPECT_FALSE(may_repeat({.kind = kind, .outcome_unknown = true}, false));
    EXPECT_TRUE(may_repeat({.kind = kind, .outcome_unknown = true}, true));
  }
}

TEST(SdkRetryTest, OnlyPassingStatusesAreRepeatedAndOnlyWhereItIsSafe) {
  for (const int status : {429, 500, 502, 503, 504}) {
    EXPECT_TRUE(may_repeat({.kind = ErrorKind::kServer, .http_status = status}, true)) << status;
    EXPECT_FALSE(may_repeat({.kind = ErrorKind::kServer, .http_status = status}, false)) << status;
  }
  for (const int status : {400, 401, 403, 404, 413, 501, 0}) {
    EXPECT_FALSE(may_repeat({.kind = ErrorKind::kRejected, .http_status = status}, true)) << status;
  }
}

TEST(SdkRetryTest, TheWaitGrowsWithinItsBoundsAndIsSpread) {
  const RetryPolicy policy{.attempts_max = 9, .delay_min = milliseconds(100), .delay_max = milliseconds(500)};
  SeededRandom random(1);
  const auto longest_of = [&](unsigned attempt) {
    milliseconds longest{0};
    milliseconds shortest = milliseconds::max();
    for (int i = 0; i < 2'000; ++i) {
      const milliseconds delay = delay_after(attempt, policy, std::chrono::seconds(0), random);
      longest = std::max(longest, delay);
      shortest = std::min(shortest, delay);
    }
    EXPECT_LT(shortest, milliseconds(20));
    return longest;
  };
  EXPECT_LE(longest_of(1), milliseconds(100));
  EXPECT_GT(longest_of(1), milliseconds(80));
  EXPECT_LE(longest_of(2), milliseconds(200));
  EXPECT_GT(longest_of(2), milliseconds(160));
  EXPECT_LE(longest_of(4), milliseconds(500));
  EXPECT_LE(longest_of(1'000'000), milliseconds(500));
}

TEST(SdkRetryTest, TheServersRetryAfterIsWaitedFor) {
  SeededRandom random(1);
  EXPECT_EQ(delay_after(1, {}, std::chrono::seconds(7), random), milliseconds(7'000));
  EXPECT_EQ(
      delay_after(1, {.delay_min = milliseconds(0), .delay_max = milliseconds(0)}, std::chrono::seconds(0), random),
      milliseconds(0));
}

}  // namespace
}  // namespace fanfare::sdk
