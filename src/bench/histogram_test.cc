#include "bench/histogram.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace fanfare::bench {
namespace {

TEST(HistogramTest, AnEmptyOneHasNothing) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.min(), 0U);
  EXPECT_EQ(histogram.max(), 0U);
  EXPECT_EQ(histogram.quantile(0.99), 0U);
  EXPECT_EQ(histogram.mean(), 0.0);
  EXPECT_TRUE(histogram.steps().empty());
}

TEST(HistogramTest, SmallValuesAreExact) {
  Histogram histogram;
  for (std::uint64_t value = 0; value < 256; ++value) histogram.record(value);
  EXPECT_EQ(histogram.quantile(0), 0U);
  EXPECT_EQ(histogram.quantile(0.5), 127U);
  EXPECT_EQ(histogram.quantile(1), 255U);
  EXPECT_EQ(histogram.mean(), 127.5);
}

TEST(HistogramTest, EveryValueIsReportedWithinOnePartIn128) {
  for (std::uint64_t value = 1; value < Histogram::kValueMax / 3; value = value * 3 + 1) {
    Histogram histogram;
    histogram.record(value);
    histogram.record(Histogram::kValueMax);  // so that max() does not cap what is reported
    const std::uint64_t reported = histogram.quantile(0.5);
    EXPECT_GE(reported, value);
    EXPECT_LE(static_cast<double>(reported - value), static_cast<double>(value) / 128) << value;
  }
}

TEST(HistogramTest, QuantilesAgreeWithSortedValues) {
  SeededRandom random(7);
  Histogram histogram;
  std::vector<std::uint64_t> values;
  for (int i = 0; i < 10'000; ++i) {
    values.push_back(random.below(std::uint64_t{1} << (10 + random.below(25))));
    histogram.record(values.back());
  }
  std::ranges::sort(values);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999, 1.0}) {
    const auto rank = static_cast<std::size_t>(std::ceil(share * 10'000)) - 1;
    const auto exact = static_cast<double>(values[rank]);
    EXPECT_GE(static_cast<double>(histogram.quantile(share)), exact);
    EXPECT_LE(static_cast<double>(histogram.quantile(share)), exact * (1 + 1.0 / 128) + 1);
  }
  EXPECT_EQ(histogram.max(), values.back());
  EXPECT_EQ(histogram.min(), values.front());
}

TEST(HistogramTest, WhatIsTooLargeCountsAsTheLargest) {
  Histogram histogram;
  histogram.record(~std::uint64_t{0});
  histogram.record(Histogram::kValueMax + 1);
  EXPECT_EQ(histogram.count(), 2U);
  EXPECT_EQ(histogram.quantile(0.5), Histogram::kValueMax);
}

TEST(HistogramTest, TwoAddUpAndOneIsCleared) {
  Histogram one;
  Histogram two;
  one.record(5);
  two.record(500);
  one.add(two);
  EXPECT_EQ(one.count(), 2U);
  EXPECT_EQ(one.min(), 5U);
  EXPECT_EQ(one.max(), 500U);
  const auto steps = one.steps();
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].share, 0.5);
  EXPECT_EQ(steps[0].value, 5U);
  EXPECT_EQ(steps[1].share, 1.0);
  one.clear();
  EXPECT_EQ(one.count(), 0U);
  EXPECT_EQ(one.max(), 0U);
}

}  // namespace
}  // namespace fanfare::bench
