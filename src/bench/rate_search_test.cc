#include "bench/rate_search.h"

#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

double search(double start, double limit, int& steps) {
  RateSearch search(start);
  for (steps = 0; search.goes_on(); ++steps) search.report(search.next() <= limit);
  return search.best();
}

TEST(RateSearchTest, FindsTheLimitFromBelowAndFromAbove) {
  for (const double start : {10.0, 1'000.0, 90'000.0}) {
    int steps = 0;
    const double best = search(start, 1'234, steps);
    EXPECT_LE(best, 1'234);
    EXPECT_GE(best, 1'234 / 1.06);
    EXPECT_LT(steps, 25);
  }
}

TEST(RateSearchTest, EndsWhenNothingPassesAndWhenEverythingDoes) {
  int steps = 0;
  EXPECT_EQ(search(100, 0, steps), 0);
  EXPECT_LT(steps, 10);
  EXPECT_GT(search(100, 1e30, steps), 1e6);
  EXPECT_EQ(steps, 40);
}

}  // namespace
}  // namespace fanfare::bench
