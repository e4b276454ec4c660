#include "session/session_stats.h"

#include <gtest/gtest.h>

namespace fanfare::session {
namespace {

TEST(CodeCountersTest, CountsEachCodeApart) {
  CodeCounters counters;
  counters.add(4001);
  counters.add(4200);
  counters.add(4001);
  EXPECT_EQ(counters.entries()[0].code.load(), 4001);
  EXPECT_EQ(counters.entries()[0].count.value(), 2U);
  EXPECT_EQ(counters.entries()[1].code.load(), 4200);
  EXPECT_EQ(counters.entries()[1].count.value(), 1U);
  EXPECT_EQ(counters.entries()[2].code.load(), 0);
  EXPECT_EQ(counters.others().value(), 0U);
}

TEST(CodeCountersTest, CodesBeyondTheBoundAreCountedTogether) {
  CodeCounters counters;
  const auto places = static_cast<std::uint16_t>(counters.entries().size());
  for (std::uint16_t i = 0; i < places + 2; ++i) counters.add(static_cast<std::uint16_t>(4000 + i));
  counters.add(4000);
  EXPECT_EQ(counters.others().value(), 2U);
  EXPECT_EQ(counters.entries()[0].count.value(), 2U);
  EXPECT_EQ(counters.entries()[places - 1U].count.value(), 1U);
}

}  // namespace
}  // namespace fanfare::session
