#include "core/publisher.h"

#include <algorithm>
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

constexpr std::string_view kName = "\"e\"";
constexpr std::string_view kData = "1";

class PublisherTest : public testing::Test {
 protected:
  static constexpr std::size_t kBound = 4;

  Status publish(std::size_t loop, const std::vector<OutgoingEvent>& events) {
    loops_.acting = loop;
    return Publisher(loops_[loop]).publish(*app_, events, EventSource::kApi);
  }
  OutgoingEvent to(const std::string& channel, std::string_view data = kData) const {
    return {ChannelView(app_->index, channel), {kName, data, {}}, {}};
  }

  AppRef app_ = test::make_app();
  test::CoreLoops loops_{3, CoreOptions{}, nullptr, kBound};
  const std::string zero_ = loops_.name_homed_on(0, "zero");
  const std::string one_ = loops_.name_homed_on(1, "one");
  const std::string other_one_ = loops_.name_homed_on(1, "other");
  const std::string two_ = loops_.name_homed_on(2, "two");
};

TEST_F(PublisherTest, EachChannelIsReachedOnItsHomeLoop) {
  FakeSubscriber subscriber;
  loops_.connect(2, subscriber);
  for (const std::string& channel : {zero_, one_, two_}) loops_.subscribe(subscriber, app_, channel);
  loops_.settle();
  subscriber.log.clear();
  EXPECT_TRUE(publish(0, {to(zero_), to(one_), to(two_)}).ok());
  loops_.settle();
  Strings got = subscriber.take_log();
  std::sort(got.begin(), got.end());
  Strings expected = {published(zero_, "1"), published(one_, "1"), published(two_, "1")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(got, expected);
  for (const auto& executor : loops_.executors) EXPECT_EQ(executor->reserved(), 0U);
}

TEST_F(PublisherTest, WithOneFullMailboxNothingIsPublishedAndAllPlacesAreGivenBack) {
  EXPECT_TRUE(publish(0, {to(two_), to(two_), to(two_), to(two_)}).ok());  // loop 2 is full
  const std::size_t waiting = loops_.executors[2]->pending();
  const Status refused = publish(0, {to(zero_), to(one_), to(two_)});
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(loops_.executors[1]->reserved(), 0U);
  EXPECT_EQ(loops_.executors[1]->pending(), 0U);
  EXPECT_EQ(loops_.executors[2]->pending(), waiting);
  EXPECT_EQ(loops_[0].stats().published_api.value(), 0U);  // not even on its own loop
  EXPECT_EQ(loops_[0].stats().publish_refused.value(), 1U);
  loops_.settle();
  EXPECT_TRUE(publish(0, {to(zero_), to(one_), to(two_)}).ok());
}

TEST_F(PublisherTest, SeveralEventsForOneLoopNeedSeveralPlaces) {
  EXPECT_TRUE(publish(0, {to(one_), to(other_one_)}).ok());
  EXPECT_EQ(loops_.executors[1]->reserved(), 2U);
  loops_.settle();
  EXPECT_FALSE(publish(0, {to(one_), to(other_one_), to(one_), to(other_one_), to(one_)}).ok());
  EXPECT_EQ(loops_.executors[1]->reserved(), 0U);
}

TEST_F(PublisherTest, ItsOwnLoopNeedsNoPlace) {
  EXPECT_TRUE(publish(1, {to(one_), to(one_), to(one_), to(one_)}).ok());
  EXPECT_EQ(loops_[1].stats().published_api.value(), 4U);
}

TEST_F(PublisherTest, ChannelsOfOtherLoopsShareOneCopyOfTheTokens) {
  const std::string first = loops_.name_homed_on(1, "cache-first");
  const std::string second = loops_.name_homed_on(1, "cache-second");
  EXPECT_TRUE(publish(0, {to(first), to(second)}).ok());
  loops_.settle();
  const MonotonicTime now = loops_.clock.monotonic();
  const EventCache::Entry* kept = loops_[1].cache().find(ChannelView({}, first), now);
  ASSERT_NE(kept, nullptr);
  const StoredEventRef event = kept->event;
  kept = loops_[1].cache().find(ChannelView({}, second), now);
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(kept->event, event);
}

TEST_F(PublisherTest, DifferentEventsOfABatchStayDifferent) {
  const std::string first = loops_.name_homed_on(1, "cache-first");
  const std::string second = loops_.name_homed_on(1, "cache-second");
  EXPECT_TRUE(publish(0, {to(first, "1"), to(second, "2")}).ok());
  loops_.settle();
  const MonotonicTime now = loops_.clock.monotonic();
  EXPECT_EQ(loops_[1].cache().find(ChannelView({}, first), now)->event->tokens().data, "1");
  EXPECT_EQ(loops_[1].cache().find(ChannelView({}, second), now)->event->tokens().data, "2");
}

TEST_F(PublisherTest, EventsOfOnePublisherKeepTheirOrder) {
  FakeSubscriber subscriber;
  loops_.connect(2, subscriber);
  loops_.subscribe(subscriber, app_, one_);
  loops_.settle();
  subscriber.log.clear();
  for (const char* data : {"1", "2"}) EXPECT_TRUE(publish(0, {to(one_, data)}).ok());
  loops_.settle();
  EXPECT_EQ(subscriber.log, (Strings{published(one_, "1"), published(one_, "2")}));
}

}  // namespace
}  // namespace fanfare::core
