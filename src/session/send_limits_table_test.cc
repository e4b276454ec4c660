#include "session/send_limits_table.h"

#include <gtest/gtest.h>

namespace fanfare::session {
namespace {

core::AppTable table_with_queue(std::uint32_t bytes, const core::AppTable& previous = core::AppTable()) {
  core::App app;
  app.id = "1";
  app.limits.send_queue_bytes = bytes;
  return core::AppTable({app}, previous);
}

TEST(SendLimitsTableTest, AnAppsQueueBoundsTheMarks) {
  SendLimitsTable limits({1024 * 1024, 4096, 256 * 1024, 64 * 1024});
  const core::AppTable apps = table_with_queue(64 * 1024);
  const net::SendQueueLimits& small = limits.of(*apps.apps().front());
  EXPECT_EQ(small.bytes_max, 64U * 1024);
  EXPECT_EQ(small.high_mark, 16U * 1024);
  EXPECT_EQ(small.low_mark, 4U * 1024);
  EXPECT_EQ(small.entries_max, 4096U);
}

TEST(SendLimitsTableTest, ALargeQueueKeepsTheDefaultMarks) {
  SendLimitsTable limits({1024 * 1024, 4096, 256 * 1024, 64 * 1024});
  const core::AppTable apps = table_with_queue(64U * 1024 * 1024);
  EXPECT_EQ(limits.of(*apps.apps().front()).high_mark, 256U * 1024);
  EXPECT_EQ(limits.of(*apps.apps().front()).low_mark, 64U * 1024);
}

TEST(SendLimitsTableTest, AReloadChangesThemInPlace) {
  SendLimitsTable limits(net::SendQueueLimits{});
  const core::AppTable before = table_with_queue(1024 * 1024);
  const net::SendQueueLimits& of_open_connection = limits.of(*before.apps().front());
  const core::AppTable after = table_with_queue(128 * 1024, before);
  limits.refresh(after);
  EXPECT_EQ(of_open_connection.bytes_max, 128U * 1024);
  EXPECT_EQ(&limits.of(*after.apps().front()), &of_open_connection);
}

}  // namespace
}  // namespace fanfare::session
