#include "session/deflate_budget.h"

#include <gtest/gtest.h>

namespace fanfare::session {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

class DeflateBudgetTest : public testing::Test {
 protected:
  DeflateBudget budget(std::uint32_t cpu_percent, std::uint32_t busy_percent = 100) const {
    return {cpu_percent, busy_percent, now_};
  }

  MonotonicTime now_{std::chrono::hours(1)};
  microseconds busy_{12'345};
};

TEST_F(DeflateBudgetTest, TakesItsPartOfTheTimeAndNoMore) {
  DeflateBudget budget = this->budget(25);
  int spent_ms = 0;
  for (int ms = 0; ms < 10'000; ++ms) {
    now_ += milliseconds(1);
    while (budget.is_open(now_, busy_)) {
      budget.spend(milliseconds(1));
      ++spent_ms;
    }
  }
  EXPECT_NEAR(spent_ms, 2'500, 20);
}

TEST_F(DeflateBudgetTest, SavesUpForABurstOfABoundedLength) {
  DeflateBudget budget = this->budget(20);
  now_ += std::chrono::hours(10);
  int spent_ms = 0;
  while (budget.is_open(now_, busy_)) {
    budget.spend(milliseconds(1));
    ++spent_ms;
  }
  EXPECT_EQ(spent_ms, 10);  // 20 % of 50 ms
}

TEST_F(DeflateBudgetTest, WhatWasOverdrawnIsMadeUpFor) {
  DeflateBudget budget = this->budget(50);
  EXPECT_TRUE(budget.is_open(now_, busy_));
  budget.spend(milliseconds(25 + 10));
  EXPECT_FALSE(budget.is_open(now_, busy_));
  now_ += milliseconds(20);
  EXPECT_FALSE(budget.is_open(now_, busy_));
  now_ += microseconds(2);
  EXPECT_TRUE(budget.is_open(now_, busy_));
}

TEST_F(DeflateBudgetTest, ShortTimesAddUp) {
  DeflateBudget budget = this->budget(1);
  budget.spend(milliseconds(1));
  int steps = 0;
  for (; !budget.is_open(now_, busy_) && steps < 100'000; ++steps) now_ += microseconds(30);
  EXPECT_NEAR(steps * 30, 50'000, 100);  // half a millisecond was saved up, half had to be earned at 1 %
}

TEST_F(DeflateBudgetTest, ABusyLoopDeflatesNothing) {
  DeflateBudget budget = this->budget(100, 75);
  EXPECT_TRUE(budget.is_open(now_, busy_));
  now_ += milliseconds(100);
  busy_ += microseconds(75'000);
  EXPECT_FALSE(budget.is_open(now_, busy_)) << "what was before the budget is work, too";
  now_ += milliseconds(100);
  busy_ += microseconds(75'000);
  EXPECT_TRUE(budget.is_open(now_, busy_));
  now_ += milliseconds(100);
  busy_ += microseconds(75'001);
  EXPECT_FALSE(budget.is_open(now_, busy_));
  now_ += milliseconds(50);
  EXPECT_FALSE(budget.is_open(now_, busy_)) << "not judged before the window is over";
  now_ += milliseconds(50);
  busy_ += microseconds(10'000);
  EXPECT_TRUE(budget.is_open(now_, busy_));
}

TEST_F(DeflateBudgetTest, AHundredPercentIsNoBound) {
  DeflateBudget budget = this->budget(100, 100);
  budget.spend(std::chrono::seconds(10));
  now_ += milliseconds(100);
  busy_ += milliseconds(100);
  EXPECT_TRUE(budget.is_open(now_, busy_));
}

}  // namespace
}  // namespace fanfare::session
