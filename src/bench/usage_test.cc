#include "bench/usage.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace fanfare::bench {
namespace {

TEST(UsageTest, TellsOfThisProcess) {
  const auto usage = usage_of({::getpid()});
  ASSERT_TRUE(usage.ok());
  EXPECT_GT(usage->rss_bytes, 100'000U);
  volatile std::uint64_t work = 0;
  const double before = own_usage().cpu_s();
  while (own_usage().cpu_s() < before + 0.03) work = work + 1;
  EXPECT_GT(usage_of({::getpid()})->cpu_s(), usage->cpu_s());
}

TEST(UsageTest, SeveralProcessesAddUp) {
  const auto one = usage_of({::getpid()});
  const auto two = usage_of({::getpid(), ::getpid()});
  ASSERT_TRUE(one.ok() && two.ok());
  EXPECT_GT(two->rss_bytes, one->rss_bytes);
  EXPECT_EQ(usage_of({})->rss_bytes, 0U);
}

TEST(UsageTest, SaysThatAProcessIsNotThere) {
  const auto usage = usage_of({0x3FFFFFFF});
  ASSERT_FALSE(usage.ok());
  EXPECT_EQ(usage.error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace fanfare::bench
