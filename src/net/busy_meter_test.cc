#include "net/busy_meter.h"

#include <gtest/gtest.h>

namespace fanfare::net {
namespace {

using std::chrono::milliseconds;

class BusyMeterTest : public testing::Test {
 protected:
  void work(milliseconds length) {
    now_ += length;
    meter_.add(length);
  }
  void sleep(milliseconds length) {
    now_ += length;
    meter_.roll(now_);
  }

  MonotonicTime now_{milliseconds(1'000'000)};
  BusyMeter meter_{now_};
};

TEST_F(BusyMeterTest, IsIdleAtFirst) { EXPECT_FALSE(meter_.is_busy()); }

TEST_F(BusyMeterTest, MoreThanHalfOfTheWindowIsBusy) {
  work(milliseconds(51));
  sleep(milliseconds(49));
  EXPECT_TRUE(meter_.is_busy());
}

TEST_F(BusyMeterTest, HalfOfTheWindowIsNot) {
  work(milliseconds(50));
  sleep(milliseconds(50));
  EXPECT_FALSE(meter_.is_busy());
}

TEST_F(BusyMeterTest, JudgesNoWindowBeforeItsEnd) {
  work(milliseconds(99));
  sleep(milliseconds(0));
  EXPECT_FALSE(meter_.is_busy());
  sleep(milliseconds(1));
  EXPECT_TRUE(meter_.is_busy());
}

TEST_F(BusyMeterTest, ALongSleepEndsIt) {
  work(milliseconds(100));
  sleep(milliseconds(0));
  ASSERT_TRUE(meter_.is_busy());
  work(milliseconds(90));
  sleep(milliseconds(1000));
  EXPECT_FALSE(meter_.is_busy());
}

TEST_F(BusyMeterTest, WhatAWindowHeldDoesNotCountInTheNext) {
  work(milliseconds(200));
  sleep(milliseconds(0));
  ASSERT_TRUE(meter_.is_busy());
  sleep(milliseconds(100));
  EXPECT_FALSE(meter_.is_busy());
}

}  // namespace
}  // namespace fanfare::net
