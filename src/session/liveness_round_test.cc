#include "session/liveness_round.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "support/fake_subscriber.h"
#include "support/manual_clock.h"

namespace fanfare::session {
namespace {

using std::chrono::milliseconds;
using test::FakeSubscriber;

class LivenessRoundTest : public testing::Test {
 protected:
  void add(FakeSubscriber& subscriber) {
    connections_.add(subscriber);
    round_.wake();
  }
  void pass(milliseconds time) {
    for (; time > milliseconds{0}; time -= kStep) {
      clock_.advance(kStep);
      loop_.turn(milliseconds{0});
    }
  }

  // Six looks at least, each when it was wanted or up to `late_max` behind.
  static void expect_on_time(const FakeSubscriber& one, milliseconds late_max) {
    ASSERT_GE(one.looks.size(), 6U);
    for (std::size_t i = 1; i < one.looks.size(); ++i) {
      EXPECT_GE(one.looks[i] - one.looks[i - 1], one.look_again);
      EXPECT_LE(one.looks[i] - one.looks[i - 1], one.look_again + late_max);
    }
  }

  static constexpr milliseconds kStep{8};
  ManualClock clock_;
  SessionOptions options_;
  net::NetOptions net_options_;
  net::EventLoop loop_{LoopIndex(0), net_options_, clock_};
  core::ConnectionTable connections_{LoopIndex(0)};
  LivenessRound round_{loop_, connections_, options_};
};

TEST_F(LivenessRoundTest, EveryoneIsLookedAtInARound) {
  std::vector<FakeSubscriber> all(50'000);
  for (FakeSubscriber& each : all) add(each);
  std::size_t most_at_once = 0;
  std::size_t seen = 0;
  for (milliseconds gone{0}; gone < milliseconds{1040}; gone += kStep) {
    pass(kStep);
    const auto looked = static_cast<std::size_t>(
        std::ranges::count_if(all, [](const FakeSubscriber& each) { return !each.looks.empty(); }));
    most_at_once = std::max(most_at_once, looked - seen);
    seen = looked;
  }
  EXPECT_EQ(seen, all.size());
  EXPECT_LE(most_at_once, all.size() / 10) << "the round is to be spread over its time";
  for (const FakeSubscriber& each : all) EXPECT_EQ(each.looks.size(), 1U);
}

TEST_F(LivenessRoundTest, ALookIsNeverEarlyAndNotMuchLate) {
  FakeSubscriber one;
  one.look_again = milliseconds{7300};
  add(one);
  pass(milliseconds{60'000});
  expect_on_time(one, milliseconds{500 + 125 + 48});
}

TEST_F(LivenessRoundTest, ShortDeadlinesMakeShortRounds) {
  options_.pong_timeout = std::chrono::seconds{1};
  FakeSubscriber one;
  one.look_again = milliseconds{1000};
  add(one);
  pass(milliseconds{10'000});
  expect_on_time(one, milliseconds{125 + 125 + 48});
}

TEST_F(LivenessRoundTest, ItRestsWithoutConnectionsAndGoesOnWithTheNext) {
  FakeSubscriber first;
  add(first);
  pass(milliseconds{1100});
  EXPECT_EQ(first.looks.size(), 1U);
  connections_.remove(first);
  pass(milliseconds{10'000});
  FakeSubscriber second;
  add(second);
  pass(milliseconds{1100});
  EXPECT_EQ(second.looks.size(), 1U);
}

}  // namespace
}  // namespace fanfare::session
