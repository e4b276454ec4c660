#include "base/once_a_minute.h"

#include <gtest/gtest.h>

namespace fanfare {
namespace {

using std::chrono::seconds;

MonotonicTime at(seconds time) { return MonotonicTime{} + std::chrono::hours(1) + time; }

TEST(OnceAMinuteTest, TheFirstPassesAndTheNextWaitForAMinute) {
  OnceAMinute gate;
  EXPECT_EQ(gate.pass("app", at(seconds(0))), 0U);
  EXPECT_EQ(gate.pass("app", at(seconds(1))), std::nullopt);
  EXPECT_EQ(gate.pass("app", at(seconds(59))), std::nullopt);
  EXPECT_EQ(gate.pass("app", at(seconds(60))), 2U);
  EXPECT_EQ(gate.pass("app", at(seconds(61))), std::nullopt);
}

TEST(OnceAMinuteTest, KeysDoNotDisturbEachOther) {
  OnceAMinute gate;
  EXPECT_EQ(gate.pass("one", at(seconds(0))), 0U);
  EXPECT_EQ(gate.pass("two", at(seconds(0))), 0U);
}

TEST(OnceAMinuteTest, KeysBeyondTheBoundAreHeldBackUntilOthersExpire) {
  OnceAMinute gate(2);
  EXPECT_EQ(gate.pass("one", at(seconds(0))), 0U);
  EXPECT_EQ(gate.pass("two", at(seconds(0))), 0U);
  EXPECT_EQ(gate.pass("three", at(seconds(1))), std::nullopt);
  EXPECT_EQ(gate.pass("three", at(seconds(200))), 0U);
}

TEST(OnceAMinuteTest, KeysThatHeldSomethingBackExpireToo) {
  OnceAMinute gate(1);
  EXPECT_EQ(gate.pass("one", at(seconds(0))), 0U);
  EXPECT_EQ(gate.pass("one", at(seconds(1))), std::nullopt);
  EXPECT_EQ(gate.pass("two", at(seconds(300))), 0U);
}

}  // namespace
}  // namespace fanfare
