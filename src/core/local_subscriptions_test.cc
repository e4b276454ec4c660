#include "core/local_subscriptions.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/queries.h"
#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace fanfare::core {
namespace {

using test::FakeSubscriber;
using test::published;
using Strings = std::vector<std::string>;

// A connection on loop 0, and channels homed on loop 1, so that every answer takes its time.
class LocalSubscriptionsTest : public testing::Test {
 protected:
  LocalSubscriptionsTest() { loops_.connect(0, subscriber_); }

  std::size_t count_at_home(const std::string& name) {
    const Channel* channel = loops_[1].channels().find(ChannelView({}, name));
    return channel == nullptr ? 0 : channel->subscription_count();
  }
  Subscription* find(const std::string& name) {
    return loops_[0].subscriptions().find(subscriber_, ChannelView({}, name));
  }

  AppRef app_ = test::make_app();
  test::CoreLoops loops_{2};
  const std::string channel_ = loops_.name_homed_on(1, "news");
  FakeSubscriber subscriber_;
};

TEST_F(LocalSubscriptionsTest, PendingUntilTheHomeAnswersThenActive) {
  EXPECT_EQ(loops_.subscribe(subscriber_, app_, channel_), SubscribeOutcome::kStarted);
  ASSERT_NE(find(channel_), nullptr);
  EXPECT_FALSE(find(channel_)->is_active());
  loops_.run_mailboxes();
  EXPECT_TRUE(find(channel_)->is_active());
  EXPECT_EQ(subscriber_.log, Strings{"admitted " + channel_});
  EXPECT_EQ(loops_[0].stats().subscriptions.value(), 1);
}

TEST_F(LocalSubscriptionsTest, OnItsHomeLoopTheAnswerComesAtOnce) {
  const std::string own = loops_.name_homed_on(0, "news");
  EXPECT_EQ(loops_.subscribe(subscriber_, app_, own), SubscribeOutcome::kStarted);
  EXPECT_EQ(subscriber_.log, Strings{"admitted " + own});
}

TEST_F(LocalSubscriptionsTest, ASecondSubscribeIsNoted) {
  loops_.subscribe(subscriber_, app_, channel_);
  EXPECT_EQ(loops_.subscribe(subscriber_, app_, channel_), SubscribeOutcome::kAlreadySubscribed);
  loops_.run_mailboxes();
  EXPECT_EQ(loops_.subscribe(subscriber_, app_, channel_), SubscribeOutcome::kAlreadySubscribed);
  EXPECT_EQ(count_at_home(channel_), 1U);
}

TEST_F(LocalSubscriptionsTest, UnsubscribedWhilePendingTheLeaveGoesOutAndTheAnswerIsIgnored) {
  loops_.subscribe(subscriber_, app_, channel_);
  EXPECT_TRUE(loops_.unsubscribe(subscriber_, channel_));
  EXPECT_FALSE(loops_.unsubscribe(subscriber_, channel_));
  loops_.settle();
  EXPECT_TRUE(subscriber_.log.empty());
  EXPECT_EQ(count_at_home(channel_), 0U);
  EXPECT_EQ(loops_[0].hub().channel_count(), 0U);
  EXPECT_EQ(loops_[1].channels().size(), 0U);
}

TEST_F(LocalSubscriptionsTest, AStaleAdmissionDoesNotAnswerTheNextAttempt) {
  loops_.subscribe(subscriber_, app_, channel_);
  loops_.run_one(1, 0);  // Join; its Admitted is on the way
  loops_.unsubscribe(subscriber_, channel_);
  loops_.subscribe(subscriber_, app_, channel_);
  loops_.run_one(0, 1);  // the Admitted of the first attempt
  EXPECT_FALSE(find(channel_)->is_active());
  EXPECT_TRUE(subscriber_.log.empty());
  loops_.settle();
  EXPECT_TRUE(find(channel_)->is_active());
  EXPECT_EQ(subscriber_.log, Strings{"admitted " + channel_});
  EXPECT_EQ(count_at_home(channel_), 1U);
}

TEST_F(LocalSubscriptionsTest, ClosedWhilePendingNothingIsLeftAtHome) {
  loops_.subscribe(subscriber_, app_, channel_);
  loops_.close(subscriber_);
  loops_.settle();
  EXPECT_TRUE(subscriber_.log.empty());
  EXPECT_EQ(loops_[1].channels().size(), 0U);
  EXPECT_EQ(loops_[0].hub().channel_count(), 0U);
}

TEST_F(LocalSubscriptionsTest, EventsPublishedWhileTheAnswerIsOnItsWayComeBehindIt) {
  loops_.subscribe(subscriber_, app_, channel_);
  loops_.run_one(1, 0);
  EXPECT_TRUE(loops_.publish(1, app_, channel_, "1").ok());
  loops_.settle();
  EXPECT_EQ(subscriber_.log, (Strings{"admitted " + channel_, published(channel_, "1")}));
}

TEST_F(LocalSubscriptionsTest, ARefusalEndsTheSubscriptionOnBothSides) {
  App limited;
  limited.limits.presence_members = 1;
  const AppRef app = test::make_app(limited);
  const std::string room = loops_.name_homed_on(1, "presence-room");
  FakeSubscriber other;
  loops_.connect(1, other);
  loops_.subscribe(other, app, room, "alice");
  loops_.subscribe(subscriber_, app, room, "bob");
  loops_.settle();
  EXPECT_EQ(subscriber_.log, Strings{"refused " + room});
  EXPECT_EQ(find(room), nullptr);
  EXPECT_EQ(count_at_home(room), 1U);
  EXPECT_EQ(loops_[1].stats().subscriptions_refused.value(), 1U);
  loops_.close(other);
  loops_.settle();
  EXPECT_EQ(loops_[1].channels().size(), 0U);
}

TEST_F(LocalSubscriptionsTest, UnsubscribedBeforeItsRefusalTheJoinIsStillMatchedOnce) {
  App limited;
  limited.limits.presence_members = 1;
  const AppRef app = test::make_app(limited);
  const std::string room = loops_.name_homed_on(1, "presence-room");
  FakeSubscriber other;
  loops_.connect(1, other);
  loops_.subscribe(other, app, room, "alice");
  loops_.subscribe(subscriber_, app, room, "bob");
  loops_.unsubscribe(subscriber_, room);
  loops_.settle();
  EXPECT_TRUE(subscriber_.log.empty());
  EXPECT_EQ(count_at_home(room), 1U);
  loops_.close(other);
  EXPECT_EQ(loops_[1].channels().size(), 0U);
}

// Also with the joiner on the home loop, where the refusal's Leave comes back inside the join.
TEST_F(LocalSubscriptionsTest, ARefusalOnTheHomeLoopIsTakenInTheMiddleOfTheJoin) {
  App limited;
  limited.limits.presence_members = 1;
  const AppRef app = test::make_app(limited);
  const std::string room = loops_.name_homed_on(0, "presence-room");
  FakeSubscriber other;
  loops_.connect(0, other);
  loops_.subscribe(other, app, room, "alice");
  EXPECT_EQ(loops_.subscribe(subscriber_, app, room, "bob"), SubscribeOutcome::kStarted);
  EXPECT_EQ(subscriber_.log, Strings{"refused " + room});
  loops_.close(other);
  EXPECT_EQ(loops_[0].channels().size(), 0U);
}

TEST_F(LocalSubscriptionsTest, AConnectionHasSoManySubscriptions) {
  App limited;
  limited.limits.subscriptions_per_connection = 2;
  const AppRef app = test::make_app(limited);
  EXPECT_EQ(loops_.subscribe(subscriber_, app, "a"), SubscribeOutcome::kStarted);
  EXPECT_EQ(loops_.subscribe(subscriber_, app, "b"), SubscribeOutcome::kStarted);
  EXPECT_EQ(loops_.subscribe(subscriber_, app, "c"), SubscribeOutcome::kTooMany);
  EXPECT_EQ(loops_.subscribe(subscriber_, app, "b"), SubscribeOutcome::kAlreadySubscribed);
  EXPECT_EQ(loops_[0].subscriptions().subscribe(subscriber_, app, ChannelView({}, "#server-to-user-a"), nullptr, true),
            SubscribeOutcome::kStarted);  // what sign-in joins is not the client's doing
  loops_.unsubscribe(subscriber_, "a");
  EXPECT_EQ(subscriber_.subscription_count(), 2U);
}

TEST_F(LocalSubscriptionsTest, SubscriptionsMayEndInAnyOrder) {
  const Strings channels = {"a", "b", "c", "d", "e"};
  for (const std::string& channel : channels) loops_.subscribe(subscriber_, app_, channel);
  loops_.settle();
  subscriber_.log.clear();
  loops_.unsubscribe(subscriber_, "a");
  loops_.unsubscribe(subscriber_, "d");
  for (const std::string& channel : channels) EXPECT_TRUE(loops_.publish(0, app_, channel, "1").ok());
  loops_.settle();
  Strings got = subscriber_.take_log();
  std::sort(got.begin(), got.end());
  EXPECT_EQ(got, (Strings{published("b", "1"), published("c", "1"), published("e", "1")}));
}

TEST_F(LocalSubscriptionsTest, AKickTakesTheMembersConnectionsOutOnEveryLoop) {
  const std::string room = loops_.name_homed_on(1, "presence-room");
  FakeSubscriber same_user;
  FakeSubscriber other;
  loops_.connect(1, same_user);
  loops_.connect(0, other);
  loops_.subscribe(subscriber_, app_, room, "alice");
  loops_.subscribe(same_user, app_, room, "alice");
  loops_.subscribe(other, app_, room, "bob");
  loops_.settle();
  for (FakeSubscriber* each : {&subscriber_, &same_user, &other}) each->log.clear();
  loops_.on(0, [&](LoopCore& core) { kick_member(core, ChannelView({}, room), "alice"); });
  loops_.settle();
  EXPECT_EQ(subscriber_.log, Strings{"kicked " + room});
  EXPECT_EQ(same_user.log.back(), "kicked " + room);
  EXPECT_EQ(count_at_home(room), 1U);
  ASSERT_EQ(other.log.size(), 1U);
  EXPECT_NE(other.log[0].find("member_removed"), std::string::npos);
}

TEST_F(LocalSubscriptionsTest, AKickFindsSignedInConnectionsOfOtherChannels) {
  FakeSubscriber signed_in("alice");
  loops_.connect(0, signed_in);
  for (FakeSubscriber* each : {&subscriber_, &signed_in}) loops_.subscribe(*each, app_, channel_);
  loops_.settle();
  loops_.on(1, [&](LoopCore& core) { kick_member(core, ChannelView({}, channel_), "alice"); });
  loops_.settle();
  EXPECT_EQ(signed_in.log.back(), "kicked " + channel_);
  EXPECT_EQ(subscriber_.log, Strings{"admitted " + channel_});
}

// The kick used to walk the loops of a channel that the kick itself had destroyed.
TEST_F(LocalSubscriptionsTest, AKickOfTheLastMemberOnTheHomeLoopEndsTheChannelMeanwhile) {
  const std::string room = loops_.name_homed_on(0, "presence-room");
  loops_.subscribe(subscriber_, app_, room, "alice");
  loops_.on(0, [&](LoopCore& core) { kick_member(core, ChannelView({}, room), "alice"); });
  EXPECT_EQ(subscriber_.log.back(), "kicked " + room);
  EXPECT_EQ(loops_[0].channels().size(), 0U);
}

TEST_F(LocalSubscriptionsTest, TerminateReachesTheUsersConnectionsOnEveryLoop) {
  FakeSubscriber first("alice");
  FakeSubscriber second("alice");
  FakeSubscriber other("bob");
  loops_.connect(0, first);
  loops_.connect(1, second);
  loops_.connect(1, other);
  for (FakeSubscriber* each : {&first, &second, &other}) {
    loops_.subscribe(*each, app_, pusher::server_to_user_channel(each->user_id()));
  }
  loops_.settle();
  loops_.on(0, [](LoopCore& core) { terminate_user(core, {}, "alice"); });
  loops_.on(0, [](LoopCore& core) { terminate_user(core, {}, "nobody"); });
  loops_.settle();
  EXPECT_EQ(first.log.back(), "terminated");
  EXPECT_EQ(second.log.back(), "terminated");
  EXPECT_NE(other.log.back(), "terminated");
}

}  // namespace
}  // namespace fanfare::core
