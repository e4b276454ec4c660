#include "bench/trend.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace fanfare::bench {
namespace {

std::vector<std::pair<double, double>> line(double slope, std::uint64_t noise) {
  SeededRandom random(5);
  std::vector<std::pair<double, double>> points;
  points.reserve(100);
  for (int x = 0; x < 100; ++x) {
    points.emplace_back(x, 1'000 + slope * x + (noise == 0 ? 0 : static_cast<double>(random.below(noise))));
  }
  return points;
}

TEST(TrendTest, FindsTheSlopeOfALine) {
  const Trend trend = trend_of(line(3, 0));
  EXPECT_NEAR(trend.slope, 3, 1e-9);
  EXPECT_NEAR(trend.slope_error, 0, 1e-9);
  EXPECT_TRUE(trend.is_rising());
}

TEST(TrendTest, NoiseAloneIsNoRise) {
  EXPECT_FALSE(trend_of(line(0, 100)).is_rising());
  EXPECT_FALSE(trend_of(line(-1, 100)).is_rising());
  EXPECT_TRUE(trend_of(line(2, 100)).is_rising());
}

TEST(TrendTest, TooFewPointsHaveNone) {
  EXPECT_EQ(trend_of({}).slope, 0);
  EXPECT_EQ(trend_of({{0, 0}, {1, 9}}).slope, 0);
  EXPECT_EQ(trend_of({{1, 1}, {1, 2}, {1, 3}}).slope, 0);
}

}  // namespace
}  // namespace fanfare::bench
