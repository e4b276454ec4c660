#include "bench/stamp.h"

#include <gtest/gtest.h>

#include "json/json_writer.h"

namespace fanfare::bench {
namespace {

TEST(StampTest, IsFoundWhereverItStands) {
  const Stamp stamp{.stream = 0xDEADBEEF, .sequence = 0xFFFF'FFFF'FFFF, .due_ns = 1'234'567'890'123'456'789};
  StampFinder finder;
  for (const std::string& before : {std::string(), std::string(R"({"event":"e","data":")"), std::string("~fb")}) {
    std::string text = before;
    append_stamp(text, stamp);
    EXPECT_EQ(finder.find(text + "\"}"), stamp) << before;
  }
}

TEST(StampTest, SurvivesQuotingTwice) {
  const Stamp stamp{.stream = 3, .sequence = 4, .due_ns = 5};
  const std::string data = stamped_data(stamp, 100);
  EXPECT_EQ(data.size(), 100U);
  std::string quoted;
  json::append_escaped_twice(quoted, data);
  EXPECT_EQ(quoted, data);
}

TEST(StampTest, DataIsNeverShorterThanTheStamp) {
  EXPECT_EQ(stamped_data({}, 0).size(), kStampBytes);
  EXPECT_EQ(stamped_data({}, kStampBytes + 1).size(), kStampBytes + 1);
}

TEST(StampTest, WhatIsNoneIsNotFound) {
  StampFinder finder;
  std::string text;
  append_stamp(text, {.stream = 1, .sequence = 2, .due_ns = 3});
  EXPECT_FALSE(finder.find("").has_value());
  EXPECT_FALSE(finder.find("no stamp here").has_value());
  EXPECT_FALSE(finder.find(text.substr(0, kStampBytes - 1)).has_value());
  std::string wrong = text;
  wrong[10] = 'X';
  EXPECT_FALSE(finder.find(wrong).has_value());
  EXPECT_TRUE(finder.find(text).has_value());
}

TEST(StampTest, TheNextEventAtTheSamePlaceIsReadAnew) {
  StampFinder finder;
  for (std::uint64_t sequence = 0; sequence < 3; ++sequence) {
    const std::string text = "xx" + stamped_data({.stream = 1, .sequence = sequence, .due_ns = 9}, 50);
    EXPECT_EQ(finder.find(text)->sequence, sequence);
    EXPECT_EQ(finder.find(text)->sequence, sequence);
  }
}

}  // namespace
}  // namespace fanfare::bench
