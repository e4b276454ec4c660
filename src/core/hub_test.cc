// Hub and HubChannel: who is handed what, in which order, when fan-outs come in slices.
#include "core/hub.h"

#include <array>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace fanfare::core {
namespace {

using test::FakeSubscriber;
using test::published;
using Strings = std::vector<std::string>;

class HubTest : public testing::Test {
 protected:
  explicit HubTest(std::uint32_t slice_writes = 1000) : loops_(1, options(slice_writes)) {}

  static CoreOptions options(std::uint32_t slice_writes) {
    CoreOptions made;
    made.fan_out_slice_writes = slice_writes;
    return made;
  }
  // A connection in `channel`, with what it was told about that forgotten.
  std::unique_ptr<FakeSubscriber> member_of(const std::string& channel) {
    auto subscriber = std::make_unique<FakeSubscriber>();
    loops_.connect(0, *subscriber);
    join(*subscriber, channel);
    return subscriber;
  }
  void join(FakeSubscriber& subscriber, const std::string& channel) {
    EXPECT_EQ(loops_.subscribe(subscriber, app_, channel), SubscribeOutcome::kStarted);
    subscriber.log.clear();
  }
  void publish(const std::string& channel, int number, ConnectionRef except = {}) {
    EXPECT_TRUE(loops_.publish(0, app_, channel, std::to_string(number), except).ok());
  }
  static Strings events(const std::string& channel, const std::vector<int>& numbers) {
    Strings payloads;
    for (const int number : numbers) payloads.push_back(published(channel, std::to_string(number)));
    return payloads;
  }
  bool run_turn() { return loops_[0].run_turn(); }
  const HubChannel* hub_channel(const std::string& name) { return loops_[0].hub().find(ChannelView({}, name)); }

  AppRef app_ = test::make_app();
  test::CoreLoops loops_;
};

// One seat a turn.
class SlicedHubTest : public HubTest {
 protected:
  SlicedHubTest() : HubTest(1) {}
};

TEST_F(HubTest, EventsArriveInTheirOrderAtTheEndOfTheTurn) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  for (const int number : {1, 2, 3}) publish("news", number);
  EXPECT_TRUE(a->log.empty());
  EXPECT_FALSE(run_turn());
  EXPECT_EQ(a->log, events("news", {1, 2, 3}));
  EXPECT_EQ(b->log, events("news", {1, 2, 3}));
}

TEST_F(HubTest, TheExceptedConnectionGetsNothing) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  publish("news", 1, a->ref());
  publish("news", 2);
  run_turn();
  EXPECT_EQ(a->log, events("news", {2}));
  EXPECT_EQ(b->log, events("news", {1, 2}));
}

TEST_F(HubTest, ChannelsAreKeptApart) {
  const auto a = member_of("news");
  const auto b = member_of("sports");
  publish("news", 1);
  publish("sports", 2);
  publish("weather", 3);
  run_turn();
  EXPECT_EQ(a->log, events("news", {1}));
  EXPECT_EQ(b->log, events("sports", {2}));
}

TEST_F(HubTest, ABurstIsJoinedIntoOneSliceBehindTheFirstFrame) {
  const auto a = member_of("news");
  for (int number = 0; number < 16; ++number) publish("news", number);
  run_turn();
  EXPECT_EQ(a->log.size(), 16U);
  EXPECT_EQ(a->slices, 2U);
  EXPECT_EQ(loops_[0].stats().delivered_frames.value(), 16U);
}

TEST_F(HubTest, AFrameWithAnExceptionIsNotJoined) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  publish("news", 1);
  publish("news", 2);
  publish("news", 3, b->ref());
  publish("news", 4);
  run_turn();
  EXPECT_EQ(a->log, events("news", {1, 2, 3, 4}));
  EXPECT_EQ(b->log, events("news", {1, 2, 4}));
}

TEST_F(HubTest, ABurstOfAnEarlierTurnIsNotContinued) {
  const auto a = member_of("news");
  for (const int number : {1, 2}) publish("news", number);
  run_turn();
  for (const int number : {3, 4}) publish("news", number);
  run_turn();
  EXPECT_EQ(a->log, events("news", {1, 2, 3, 4}));
  EXPECT_EQ(a->slices, 4U);
}

TEST_F(HubTest, ABurstLargerThanItsChunkArrivesWhole) {
  const auto a = member_of("news");
  const std::string large = '"' + std::string(9000, 'x') + '"';
  Strings expected;
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(loops_.publish(0, app_, "news", large).ok());
    expected.push_back(published("news", large));
  }
  EXPECT_TRUE(loops_.publish(0, app_, "news", '"' + std::string(20000, 'y') + '"').ok());
  expected.push_back(published("news", '"' + std::string(20000, 'y') + '"'));
  run_turn();
  EXPECT_EQ(a->log, expected);
}

TEST_F(SlicedHubTest, ASliceServesSoManySeatsAndTheNextGoesOn) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  publish("news", 1);
  EXPECT_TRUE(run_turn());
  EXPECT_EQ(a->log.size() + b->log.size(), 1U);
  (void)run_turn();
  EXPECT_EQ(a->log, events("news", {1}));
  EXPECT_EQ(b->log, events("news", {1}));
}

TEST_F(SlicedHubTest, WhoLeavesBetweenSlicesGetsNothingMoreAndTheOthersMissNothing) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  const auto c = member_of("news");
  publish("news", 1);
  (void)run_turn();  // a has it
  loops_.unsubscribe(*a, "news");
  loops_.unsubscribe(*b, "news");
  EXPECT_EQ(hub_channel("news")->seated(), 1U);
  while (run_turn()) {
  }
  EXPECT_EQ(a->log, events("news", {1}));
  EXPECT_TRUE(b->log.empty());
  EXPECT_EQ(c->log, events("news", {1}));
  publish("news", 2);
  while (run_turn()) {
  }
  EXPECT_EQ(c->log, events("news", {1, 2}));
}

TEST_F(SlicedHubTest, AClosedConnectionIsNeverTouchedAgain) {
  auto a = member_of("news");
  auto b = member_of("news");
  publish("news", 1, b->ref());
  (void)run_turn();
  loops_.close(*b);
  b.reset();  // a sanitizer would see the access
  while (run_turn()) {
  }
  loops_.close(*a);
  a.reset();
  publish("news", 2);
  EXPECT_FALSE(run_turn());
  EXPECT_EQ(hub_channel("news"), nullptr);
}

TEST_F(SlicedHubTest, WhoJoinsBetweenSlicesIsNotOwedEarlierEvents) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  publish("news", 1);
  (void)run_turn();
  const auto c = member_of("news");
  publish("news", 2);
  while (run_turn()) {
  }
  EXPECT_EQ(b->log, events("news", {1, 2}));
  EXPECT_EQ(c->log, events("news", {2}));
}

TEST_F(SlicedHubTest, WhoComesBackBetweenSlicesIsServedOnceInItsNewSeat) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  publish("news", 1);
  (void)run_turn();
  loops_.unsubscribe(*a, "news");
  join(*a, "news");
  publish("news", 2);
  while (run_turn()) {
  }
  EXPECT_EQ(a->log, events("news", {2}));
  EXPECT_EQ(b->log, events("news", {1, 2}));
}

TEST_F(SlicedHubTest, EventsThatComeInDuringAWalkWaitForTheNextOne) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  publish("news", 1);
  (void)run_turn();
  publish("news", 2);
  (void)run_turn();
  EXPECT_EQ(a->log, events("news", {1}));
  EXPECT_EQ(b->log, events("news", {1}));
  while (run_turn()) {
  }
  EXPECT_EQ(a->log, events("news", {1, 2}));
  EXPECT_EQ(b->log, events("news", {1, 2}));
}

TEST_F(SlicedHubTest, AWaitingChannelGetsItsShareBeforeALargeOneGoesOn) {
  std::vector<std::unique_ptr<FakeSubscriber>> many;
  for (int i = 0; i < 10; ++i) many.push_back(member_of("large"));
  const auto a = member_of("small");
  publish("large", 1);
  publish("small", 2);
  (void)run_turn();
  (void)run_turn();
  EXPECT_EQ(a->log, events("small", {2}));
}

TEST_F(SlicedHubTest, AChannelThatEmptiesDuringItsFanOutIsDestroyedAfterwards) {
  const auto a = member_of("news");
  const auto b = member_of("news");
  publish("news", 1);
  (void)run_turn();
  loops_.unsubscribe(*a, "news");
  loops_.unsubscribe(*b, "news");
  EXPECT_NE(hub_channel("news"), nullptr);
  while (run_turn()) {
  }
  EXPECT_EQ(hub_channel("news"), nullptr);
  EXPECT_EQ(loops_[0].hub().channel_count(), 0U);
}

// Tombstones used to go only with the end of a fan-out, which under a steady load never comes.
TEST_F(SlicedHubTest, AChannelThatIsAlwaysInAFanOutForgetsWhoLeft) {
  const auto stays = member_of("news");
  std::vector<int> numbers;
  for (int number = 0; number < 2000; ++number) {
    const auto passes = member_of("news");
    publish("news", number);
    numbers.push_back(number);
    (void)run_turn();
    loops_.unsubscribe(*passes, "news");
  }
  EXPECT_LE(hub_channel("news")->seat_capacity(), 1000U);
  while (run_turn()) {
  }
  EXPECT_EQ(stays->log, events("news", numbers));
}

TEST_F(HubTest, AChannelThatWasLargeForAMomentGivesItsMemoryBack) {
  for (const bool leaves_during_a_fan_out : {false, true}) {
    std::vector<std::unique_ptr<FakeSubscriber>> many;
    for (int i = 0; i < 1000; ++i) many.push_back(member_of("news"));
    EXPECT_GE(hub_channel("news")->seat_capacity(), 1000U);
    if (leaves_during_a_fan_out) publish("news", 1);
    while (many.size() > 3) {
      loops_.close(*many.back());
      many.pop_back();
    }
    (void)run_turn();
    EXPECT_LE(hub_channel("news")->seat_capacity(), 64U);
    for (const auto& subscriber : many) loops_.close(*subscriber);
  }
}

TEST_F(HubTest, FinishedFanOutsAreTimedFromTheirReceipt) {
  const auto a = member_of("news");
  publish("news", 1);
  EXPECT_FALSE(loops_[0].has_finished_fan_outs());
  run_turn();
  EXPECT_TRUE(loops_[0].has_finished_fan_outs());
  loops_.clock.advance(std::chrono::microseconds(100));
  loops_[0].record_finished(loops_.clock.monotonic());
  EXPECT_FALSE(loops_[0].has_finished_fan_outs());
  EXPECT_EQ(loops_[0].stats().publish_to_write.sum_us(), 100U);
}

}  // namespace
}  // namespace fanfare::core
