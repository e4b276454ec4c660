#include "doctor/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.h"
#include "doctor/quantity.h"

namespace fanfare::doctor {
namespace {

using testing::ElementsAre;

core::App app_for(std::uint32_t connections) {
  core::App app;
  app.limits.connections = connections;
  return app;
}

TEST(PlanTest, WithoutLimitsItIsTenThousandConnections) {
  config::Config config;
  EXPECT_EQ(plan_of(config, std::nullopt).connections, 10'000U);
  config.apps = {app_for(300), app_for(0)};
  EXPECT_EQ(plan_of(config, std::nullopt).connections, 10'000U);  // the second may have any number
}

TEST(PlanTest, TheConfigurationsLimitsSayHowMany) {
  config::Config config;
  config.apps = {app_for(300), app_for(200)};
  EXPECT_EQ(plan_of(config, std::nullopt).connections, 500U);
  config.session.connections_max = 7000;
  EXPECT_EQ(plan_of(config, std::nullopt).connections, 7000U);
  EXPECT_EQ(plan_of(config, 9).connections, 9U);
}

TEST(PlanTest, TakesWhatTheServerIsConfiguredWith) {
  config::Config config;
  config.net.loops = 3;
  config.net.listen_backlog = 512;
  EXPECT_EQ(plan_of(config, 1).loops, 3U);
  EXPECT_EQ(plan_of(config, 1).listen_backlog, 512U);
  EXPECT_THAT(plan_of(config, 1).ports, ElementsAre(6001, 9601));
  config.gateway.enabled = true;
  config.metrics.enabled = false;
  EXPECT_THAT(plan_of(config, 1).ports, ElementsAre(6001, 8009));
  config.net.port = 0;
  EXPECT_THAT(plan_of(config, 1).ports, ElementsAre(8009));
}

TEST(PlanTest, MemoryGrowsWithEachConnection) {
  const std::uint64_t each = kUserBytesPerConnection + kKernelBytesPerConnection;
  EXPECT_EQ(idle_bytes({.connections = 1}), kServerBytes + each);
  EXPECT_EQ(idle_bytes({.connections = 1'000}), kServerBytes + 1'000 * each);
  EXPECT_EQ(fan_out_bytes({.connections = 1'000}, 4096), kServerBytes + 1'000 * (each + 4096));
  EXPECT_EQ(idle_bytes({.connections = kUnlimited}), kUnlimited);
}

}  // namespace
}  // namespace fanfare::doctor
