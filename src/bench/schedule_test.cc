#include "bench/schedule.h"

#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

TEST(ScheduleTest, EventsAreDueAtEvenDistances) {
  const Schedule schedule(1'000, 4.0);
  EXPECT_EQ(schedule.due(0), 1'000);
  EXPECT_EQ(schedule.due(1), 250'001'000);
  EXPECT_EQ(schedule.due(4), 1'000'001'000);
}

TEST(ScheduleTest, ErrorsDoNotAddUp) {
  const Schedule schedule(0, 3.0);
  EXPECT_NEAR(static_cast<double>(schedule.due(3'000'000)), 1e15, 1'000);
}

TEST(ScheduleTest, CountsWhatIsDueBeforeATime) {
  for (const double rate : {1.0, 3.0, 7.0, 1'000.0, 333'333.3}) {
    const Schedule schedule(500, rate);
    EXPECT_EQ(schedule.count_before(0), 0U);
    EXPECT_EQ(schedule.count_before(500), 0U);
    EXPECT_EQ(schedule.count_before(501), 1U);
    for (const std::uint64_t count : {1U, 2U, 1'000U, 99'999U}) {
      EXPECT_EQ(schedule.count_before(schedule.due(count)), count) << rate;
      EXPECT_EQ(schedule.count_before(schedule.due(count) + 1), count + 1) << rate;
    }
  }
}

}  // namespace
}  // namespace fanfare::bench
