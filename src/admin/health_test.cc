#include "admin/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/fake_health.h"

namespace fanfare::admin {
namespace {

using std::chrono::milliseconds;

TEST(HealthTest, IsLiveWhileEveryLoopTurns) {
  FakeHealth health;
  health.turns = {{LoopIndex(0), milliseconds(0)}, {LoopIndex(1), kStalledAfter}};
  const HealthReport report = liveness(health);
  EXPECT_TRUE(report.ok);
  EXPECT_EQ(report.text, "ok");
}

TEST(HealthTest, NamesTheLoopThatIsStalled) {
  FakeHealth health;
  health.turns = {{LoopIndex(0), milliseconds(3)}, {LoopIndex(1), kStalledAfter + milliseconds(1)}};
  const HealthReport report = liveness(health);
  EXPECT_FALSE(report.ok);
  EXPECT_THAT(report.text, testing::StartsWith("loop 1 is stalled: its last turn began 5001 ms ago"));
}

TEST(HealthTest, NamesEveryStalledLoop) {
  FakeHealth health;
  health.turns = {{LoopIndex(0), milliseconds(6000)}, {LoopIndex(2), milliseconds(7000)}};
  EXPECT_THAT(liveness(health).text, testing::AllOf(testing::HasSubstr("loop 0"), testing::HasSubstr("loop 2")));
}

TEST(HealthTest, IsReadyOnlyBetweenStartAndDrain) {
  FakeHealth health;
  health.state = Readiness::kStarting;
  EXPECT_FALSE(readiness(health).ok);
  EXPECT_THAT(readiness(health).text, testing::StartsWith("starting"));
  health.state = Readiness::kReady;
  EXPECT_TRUE(readiness(health).ok);
  health.state = Readiness::kDraining;
  EXPECT_FALSE(readiness(health).ok);
  EXPECT_THAT(readiness(health).text, testing::StartsWith("draining"));
}

}  // namespace
}  // namespace fanfare::admin
