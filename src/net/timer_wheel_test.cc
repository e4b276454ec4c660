#include "net/timer_wheel.h"

#include <functional>
#include <map>
#include <memory>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::net {
namespace {

using std::chrono::milliseconds;

class TestTimer final : public Timer {
 public:
  std::function<void()> action = [] {};
  int fired = 0;

 private:
  void on_timer() override {
    ++fired;
    action();
  }
};

class TimerWheelTest : public testing::Test {
 protected:
  MonotonicTime at(std::int64_t ms) const { return start_ + milliseconds(ms); }

  const MonotonicTime start_{std::chrono::hours(1000)};
  TimerWheel wheel_{start_};
};

TEST_F(TimerWheelTest, FiresOnceNeverEarlyAndAtMostATickLate) {
  TestTimer timer;
  wheel_.schedule(timer, start_, milliseconds(100));
  EXPECT_EQ(wheel_.advance(at(99)), 0U);
  EXPECT_TRUE(timer.is_scheduled());
  EXPECT_EQ(wheel_.advance(at(116)), 1U);
  EXPECT_FALSE(timer.is_scheduled());
  wheel_.advance(at(1'000'000));
  EXPECT_EQ(timer.fired, 1);
}

TEST_F(TimerWheelTest, ACancelledTimerDoesNotFire) {
  TestTimer timer;
  wheel_.schedule(timer, start_, milliseconds(10));
  timer.cancel();
  timer.cancel();
  EXPECT_EQ(wheel_.advance(at(1000)), 0U);
  EXPECT_EQ(wheel_.until_next(at(1000)), std::nullopt);
}

TEST_F(TimerWheelTest, SchedulingAgainMovesIt) {
  TestTimer timer;
  wheel_.schedule(timer, start_, milliseconds(10));
  wheel_.schedule(timer, start_, milliseconds(500));
  EXPECT_EQ(wheel_.advance(at(400)), 0U);
  EXPECT_EQ(wheel_.advance(at(520)), 1U);
}

TEST_F(TimerWheelTest, ADestroyedTimerIsForgotten) {
  {  // its destructor cancels
    TestTimer timer;
    wheel_.schedule(timer, start_, milliseconds(10));
  }
  EXPECT_EQ(wheel_.advance(at(1000)), 0U);
}

TEST_F(TimerWheelTest, ATimerMayOutliveTheWheel) {
  TestTimer timer;
  {
    TimerWheel wheel(start_);
    wheel.schedule(timer, start_, milliseconds(10));
  }
  EXPECT_FALSE(timer.is_scheduled());
}

TEST_F(TimerWheelTest, ZeroAndNegativeDelaysFireInTheNextTick) {
  TestTimer none;
  TestTimer negative;
  wheel_.schedule(none, start_, milliseconds(0));
  wheel_.schedule(negative, start_, milliseconds(-5));
  EXPECT_EQ(wheel_.advance(at(16)), 2U);
}

TEST_F(TimerWheelTest, FiresBeyondOneRoundOfTheWheel) {
  TestTimer timer;
  wheel_.schedule(timer, start_, std::chrono::minutes(10));
  for (std::int64_t ms = 0; ms < 600'000; ms += 5000) EXPECT_EQ(wheel_.advance(at(ms)), 0U);
  EXPECT_EQ(wheel_.advance(at(600'016)), 1U);
}

TEST_F(TimerWheelTest, ALongPauseFiresEverythingThatIsDue) {
  std::vector<std::unique_ptr<TestTimer>> timers;
  for (int i = 0; i < 100; ++i) {
    timers.push_back(std::make_unique<TestTimer>());
    wheel_.schedule(*timers.back(), start_, milliseconds(i * 3000));
  }
  EXPECT_EQ(wheel_.advance(at(150'000)), 51U);
  EXPECT_EQ(wheel_.advance(at(10'000'000)), 49U);
}

TEST_F(TimerWheelTest, WhatACallbackSchedulesFiresInALaterCall) {
  TestTimer timer;
  timer.action = [&] { wheel_.schedule(timer, start_, milliseconds(0)); };
  wheel_.schedule(timer, start_, milliseconds(0));
  EXPECT_EQ(wheel_.advance(at(1000)), 1U);
  EXPECT_EQ(wheel_.advance(at(1000)), 0U);
  EXPECT_EQ(wheel_.advance(at(1016)), 1U);
}

TEST_F(TimerWheelTest, ACallbackMayCancelAndDestroyOthersThatAreDueToo) {
  TestTimer first;
  auto second = std::make_unique<TestTimer>();
  TestTimer third;
  first.action = [&] {
    second.reset();
    third.cancel();
  };
  wheel_.schedule(first, start_, milliseconds(10));
  wheel_.schedule(*second, start_, milliseconds(10));
  wheel_.schedule(third, start_, milliseconds(10));
  EXPECT_EQ(wheel_.advance(at(100)), 1U);
  EXPECT_EQ(third.fired, 0);
}

TEST_F(TimerWheelTest, ACallbackMayDestroyItsOwnTimer) {
  auto timer = std::make_unique<TestTimer>();
  timer->action = [&] { timer.reset(); };
  wheel_.schedule(*timer, start_, milliseconds(10));
  EXPECT_EQ(wheel_.advance(at(100)), 1U);
  EXPECT_EQ(timer, nullptr);
}

TEST_F(TimerWheelTest, UntilNextIsTheNearestTimer) {
  EXPECT_EQ(wheel_.until_next(start_), std::nullopt);
  TestTimer far;
  TestTimer near;
  wheel_.schedule(far, start_, milliseconds(90'000));
  wheel_.schedule(near, start_, milliseconds(160));
  EXPECT_EQ(wheel_.until_next(start_), milliseconds(160));
  EXPECT_EQ(wheel_.until_next(at(300)), milliseconds(0));
  near.cancel();
  EXPECT_EQ(wheel_.until_next(start_), milliseconds(90'000));
}

// Random schedules and cancels against a plain map.
TEST_F(TimerWheelTest, AgreesWithAModel) {
  constexpr unsigned kSeed = 20'240;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  std::vector<std::unique_ptr<TestTimer>> timers;
  for (int i = 0; i < 64; ++i) timers.push_back(std::make_unique<TestTimer>());
  std::map<std::size_t, MonotonicTime> due;
  MonotonicTime now = start_;
  for (int step = 0; step < 20'000; ++step) {
    const std::size_t which = random() % timers.size();
    if (random() % 4 == 0) {
      timers[which]->cancel();
      due.erase(which);
    } else {
      const milliseconds delay(random() % 3 == 0 ? random() % 300'000 : random() % 200);
      wheel_.schedule(*timers[which], now, delay);
      due[which] = now + delay;
    }
    now += milliseconds(random() % 50);
    wheel_.advance(now);
    for (std::size_t i = 0; i < timers.size(); ++i) {
      const auto expected = due.find(i);
      if (timers[i]->fired > 0) {
        ASSERT_NE(expected, due.end());
        ASSERT_LE(expected->second, now);
        timers[i]->fired = 0;
        due.erase(expected);
      } else if (expected != due.end()) {
        ASSERT_GT(expected->second + 2 * TimerWheel::kTick, now);
      }
    }
  }
}

}  // namespace
}  // namespace fanfare::net
