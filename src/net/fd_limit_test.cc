#include "net/fd_limit.h"

#include <algorithm>

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace fanfare::net {
namespace {

TEST(FdLimitTest, RaisesTheSoftLimitToTheHardOneAndLowersNothing) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lower{.rlim_cur = before.rlim_cur / 2, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  EXPECT_EQ(raise_fd_limit(1), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  EXPECT_EQ(after.rlim_max, before.rlim_max);
  ::setrlimit(RLIMIT_NOFILE, &before);
}

TEST(FdLimitTest, ASixteenthIsKeptFromClients) {
  EXPECT_EQ(connections_within(20'000), 18'750U);
  EXPECT_EQ(connections_within(1024), 768U);  // a quarter, as long as that is not more than 256
  EXPECT_EQ(connections_within(4096), 3840U);
  EXPECT_EQ(connections_within(100), 50U);               // too few for anything else: half
  EXPECT_EQ(connections_within(1'048'576), 1'032'192U);  // 16,384 at most
  EXPECT_EQ(connections_within(0), 0U);
}

TEST(FdLimitTest, DescriptorsForSoManyConnectionsAreTheFewestThatAllowThem) {
  for (const std::uint64_t connections : {0UL, 1UL, 63UL, 64UL, 65UL, 192UL, 768UL, 769UL, 10'000UL, 18'750UL,
                                          1'000'000UL, 1'032'192UL, 4'000'000'000UL}) {
    const std::uint64_t descriptors = descriptors_for(connections);
    EXPECT_GE(connections_within(descriptors), connections);
    if (descriptors > 0) {
      EXPECT_LT(connections_within(descriptors - 1), std::max(connections, 1UL)) << connections;
    }
  }
  EXPECT_EQ(descriptors_for(18'750), 19'999U);
  EXPECT_EQ(descriptors_for(18'751), 20'001U);
}

}  // namespace
}  // namespace fanfare::net
