// Channel and ChannelDirectory: what a home loop does about joins, leaves and publishes.
#include "core/channel.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/channel_observer.h"
#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace fanfare::core {
namespace {

using namespace std::chrono_literals;
using test::FakeSubscriber;
using test::published;
using Strings = std::vector<std::string>;

class WritingObserver final : public ChannelObserver {
 public:
  Strings log;

  void on_occupied(const ChannelName& channel) override { log.push_back("occupied " + channel.text()); }
  void on_vacated(const ChannelName& channel) override { log.push_back("vacated " + channel.text()); }
  void on_member_added(const ChannelName&, std::string_view user) override {
    log.push_back("added " + std::string(user));
  }
  void on_member_removed(const ChannelName&, std::string_view user) override {
    log.push_back("removed " + std::string(user));
  }
  void on_client_event(const ChannelName&, const EventTokens& event, ConnectionRef) override {
    log.push_back("client event " + std::string(event.data));
  }
  void on_cache_miss(const ChannelName& channel) override { log.push_back("miss " + channel.text()); }
  void on_subscription_count(const ChannelName&, std::size_t count) override {
    log.push_back("count " + std::to_string(count));
  }
};

std::string count_event(const std::string& channel, std::size_t count) {
  std::string payload;
  pusher::append_subscription_count(payload, channel, count);
  return payload;
}
std::string member_added(const std::string& channel, const std::string& user) {
  std::string payload;
  pusher::append_member_added(payload, channel, Member::make(user, {})->fragments());
  return payload;
}
std::string member_removed(const std::string& channel, const std::string& user) {
  std::string payload;
  pusher::append_member_removed(payload, channel, user);
  return payload;
}
std::string roster(const std::string& channel, const Strings& users) {
  std::string payload;
  pusher::PresenceRosterWriter writer(payload, channel, users.size());
  for (const std::string& user : users) writer.add_id(Member::make(user, {})->fragments().id_piece);
  writer.begin_hash();
  for (const std::string& user : users) writer.add_hash(Member::make(user, {})->fragments().hash_piece);
  writer.finish();
  return payload;
}

class ChannelTest : public testing::Test {
 protected:
  // A fresh connection; `log` of all of them is in connections_.
  FakeSubscriber& connect(std::size_t loop = 0) {
    connections_.push_back(std::make_unique<FakeSubscriber>());
    loops_.connect(loop, *connections_.back());
    return *connections_.back();
  }
  static AppRef app_with(void (*change)(App&)) {
    App app;
    change(app);
    return test::make_app(std::move(app));
  }

  WritingObserver observer_;
  test::CoreLoops loops_{2, CoreOptions{}, &observer_};
  AppRef app_ = test::make_app();
  std::vector<std::unique_ptr<FakeSubscriber>> connections_;
};

// --- Presence.

TEST_F(ChannelTest, AMemberHearsOfTheOthersAndNotOfItself) {
  FakeSubscriber& alice = connect(0);
  FakeSubscriber& bob = connect(1);
  loops_.subscribe(alice, app_, "presence-room", "alice");
  loops_.settle();
  loops_.subscribe(bob, app_, "presence-room", "bob");
  loops_.settle();
  EXPECT_EQ(alice.log, (Strings{"admitted presence-room", roster("presence-room", {"alice"}),
                                member_added("presence-room", "bob")}));
  EXPECT_EQ(bob.log, (Strings{"admitted presence-room", roster("presence-room", {"alice", "bob"})}));
  loops_.close(alice);
  loops_.settle();
  EXPECT_EQ(bob.log.back(), member_removed("presence-room", "alice"));
}

TEST_F(ChannelTest, FurtherConnectionsOfAMemberAreNoEdges) {
  FakeSubscriber& alice = connect(0);
  FakeSubscriber& bob = connect(0);
  FakeSubscriber& bobs_phone = connect(1);
  loops_.subscribe(alice, app_, "presence-room", "alice");
  loops_.settle();
  loops_.subscribe(bob, app_, "presence-room", "bob");
  loops_.subscribe(bobs_phone, app_, "presence-room", "bob");
  loops_.settle();
  loops_.close(bob);
  loops_.settle();
  EXPECT_EQ(alice.log.size(), 3U);
  loops_.close(bobs_phone);
  loops_.settle();
  EXPECT_EQ(alice.log.size(), 4U);
  EXPECT_EQ(alice.log.back(), member_removed("presence-room", "bob"));
  EXPECT_EQ(observer_.log, (Strings{"added alice", "occupied presence-room", "added bob", "removed bob"}));
}

TEST_F(ChannelTest, AFullChannelRefusesNewUsersButNotItsMembers) {
  const AppRef app = app_with([](App& each) { each.limits.presence_members = 1; });
  FakeSubscriber& alice = connect(0);
  FakeSubscriber& bob = connect(1);
  FakeSubscriber& alices_phone = connect(1);
  loops_.subscribe(alice, app, "presence-room", "alice");
  loops_.settle();
  loops_.subscribe(bob, app, "presence-room", "bob");
  loops_.subscribe(alices_phone, app, "presence-room", "alice");
  loops_.settle();
  EXPECT_EQ(bob.log, Strings{"refused presence-room"});
  EXPECT_EQ(alices_phone.log.front(), "admitted presence-room");
  EXPECT_EQ(alice.log.size(), 2U);
  for (FakeSubscriber* each : {&alice, &alices_phone}) loops_.close(*each);
  loops_.settle();
  loops_.subscribe(bob, app, "presence-room", "bob");
  loops_.settle();
  EXPECT_EQ(bob.log[1], "admitted presence-room");
}

// --- Cache channels.

TEST_F(ChannelTest, ACacheChannelAnswersWithItsLastEventAlsoAfterItWasVacant) {
  FakeSubscriber& first = connect();
  EXPECT_TRUE(loops_.publish(1, app_, "cache-price", "1").ok());
  EXPECT_TRUE(loops_.publish(1, app_, "cache-price", "2").ok());
  loops_.settle();
  loops_.subscribe(first, app_, "cache-price");
  loops_.settle();
  EXPECT_EQ(first.log, (Strings{"admitted cache-price", published("cache-price", "2")}));
  EXPECT_EQ(observer_.log, Strings{"occupied cache-price"});
}

TEST_F(ChannelTest, WithoutAnEventItIsAMiss) {
  FakeSubscriber& first = connect();
  loops_.subscribe(first, app_, "cache-price");
  loops_.settle();
  EXPECT_EQ(first.log, (Strings{"admitted cache-price", "cache miss"}));
  EXPECT_EQ(observer_.log, (Strings{"occupied cache-price", "miss cache-price"}));
}

TEST_F(ChannelTest, ACachedEventLivesForTheAppsTtl) {
  const AppRef app = app_with([](App& each) { each.cache_ttl = 60s; });
  EXPECT_TRUE(loops_.publish(0, app, "cache-price", "1").ok());
  loops_.settle();
  loops_.clock.advance(60s - 1ns);
  FakeSubscriber& in_time = connect();
  loops_.subscribe(in_time, app, "cache-price");
  loops_.settle();
  EXPECT_EQ(in_time.log.back(), published("cache-price", "1"));
  loops_.clock.advance(1ns);
  FakeSubscriber& late = connect();
  loops_.subscribe(late, app, "cache-price");
  loops_.settle();
  EXPECT_EQ(late.log.back(), "cache miss");
}

TEST_F(ChannelTest, ClientEventsAreDeliveredButNotCached) {
  FakeSubscriber& first = connect();
  loops_.subscribe(first, app_, "private-cache-price");
  loops_.settle();
  EXPECT_TRUE(loops_.publish(0, app_, "private-cache-price", "1", {}, EventSource::kClient).ok());
  loops_.settle();
  EXPECT_EQ(first.log.back(), published("private-cache-price", "1"));
  EXPECT_EQ(observer_.log.back(), "client event 1");
  FakeSubscriber& second = connect();
  loops_.subscribe(second, app_, "private-cache-price");
  loops_.settle();
  EXPECT_EQ(second.log.back(), "cache miss");
}

// A client may send right behind its subscribe, before it knows that the channel was full.
TEST_F(ChannelTest, AClientEventOfOneWhoWasNotLetInGoesNowhere) {
  const AppRef app = app_with([](App& each) { each.limits.presence_members = 1; });
  FakeSubscriber& member = connect();
  loops_.subscribe(member, app, "presence-room", "alice");
  loops_.settle();
  FakeSubscriber& outsider = connect();
  loops_.subscribe(outsider, app, "presence-room", "bob");
  EXPECT_TRUE(loops_.publish(1, app, "presence-room", "1", outsider.ref(), EventSource::kClient).ok());
  loops_.settle();
  EXPECT_NE(member.log.back(), published("presence-room", "1"));
  EXPECT_NE(observer_.log.back(), "client event 1");
  EXPECT_TRUE(loops_.publish(0, app, "presence-room", "2", member.ref(), EventSource::kClient).ok());
  loops_.settle();
  EXPECT_EQ(observer_.log.back(), "client event 2");
}

TEST_F(ChannelTest, AnEventThatOnlyCarriesCacheInItsNameIsNotKept) {
  EXPECT_TRUE(loops_.publish(0, app_, "cached", "1").ok());
  loops_.settle();
  EXPECT_EQ(loops_[0].stats().cached_events.value() + loops_[1].stats().cached_events.value(), 0);
}

// --- subscription_count.

class SubscriptionCountTest : public ChannelTest {
 protected:
  SubscriptionCountTest() { loops_.options.subscription_count_immediate_max = 3; }
  void run_due() {
    for (std::size_t loop = 0; loop < 2; ++loop) loops_.on(loop, [](LoopCore& core) { core.run_due(); });
    loops_.settle();
  }
  // `count` connections in "news".
  void fill(std::size_t count) {
    while (connections_.size() < count) loops_.subscribe(connect(), app_, "news");
    loops_.settle();
  }
  Strings counts() const {
    Strings found;
    for (const std::string& line : connections_[0]->log) {
      if (line.find("subscription_count") != std::string::npos) found.push_back(line);
    }
    return found;
  }

  AppRef app_ = app_with([](App& each) { each.switches.subscription_count = true; });
};

TEST_F(SubscriptionCountTest, SmallChannelsHearOfEveryChangeAtOnceAndTheJoinerToo) {
  fill(2);
  EXPECT_EQ(counts(), (Strings{count_event("news", 1), count_event("news", 2)}));
  EXPECT_EQ(connections_[1]->log, (Strings{"admitted news", count_event("news", 2)}));
  loops_.close(*connections_[1]);
  loops_.settle();
  EXPECT_EQ(counts().back(), count_event("news", 1));
}

TEST_F(SubscriptionCountTest, LargeChannelsHearOfTheLatestCountOnceAnInterval) {
  fill(3);
  EXPECT_EQ(counts().size(), 3U);
  fill(6);
  run_due();
  EXPECT_EQ(counts().size(), 3U);  // held back
  loops_.clock.advance(5s);
  run_due();
  EXPECT_EQ(counts().size(), 4U);
  EXPECT_EQ(counts().back(), count_event("news", 6));
  loops_.clock.advance(60s);
  run_due();
  EXPECT_EQ(counts().size(), 4U);  // nothing changed
  fill(7);
  EXPECT_EQ(counts().back(), count_event("news", 7));  // the first change after a quiet interval is told at once
}

TEST_F(SubscriptionCountTest, AChannelThatIsGoneWhenItsCountIsDueIsForgotten) {
  fill(5);
  for (const auto& connection : connections_) loops_.close(*connection);
  loops_.settle();
  loops_.clock.advance(5s);
  run_due();
  EXPECT_EQ(loops_[0].channels().size() + loops_[1].channels().size(), 0U);
}

TEST_F(SubscriptionCountTest, PresenceAndUserChannelsAndAppsWithoutItHearNothing) {
  loops_.subscribe(connect(), app_, "presence-room", "alice");
  loops_.subscribe(connect(), app_, "#server-to-user-alice");
  loops_.subscribe(connect(), test::make_app(), "sports");
  loops_.settle();
  for (const auto& connection : connections_) {
    for (const std::string& line : connection->log) EXPECT_EQ(line.find("subscription_count"), std::string::npos);
  }
}

// --- Occupied and vacated, and what is kept.

TEST_F(ChannelTest, TheFirstSubscriptionOccupiesAndTheLastOneVacates) {
  FakeSubscriber& a = connect(0);
  FakeSubscriber& b = connect(1);
  loops_.subscribe(a, app_, "news");
  loops_.settle();
  loops_.subscribe(b, app_, "news");
  loops_.settle();
  EXPECT_EQ(observer_.log, Strings{"occupied news"});
  loops_.unsubscribe(a, "news");
  loops_.settle();
  loops_.close(b);
  loops_.settle();
  EXPECT_EQ(observer_.log, (Strings{"occupied news", "vacated news"}));
  for (std::size_t loop = 0; loop < 2; ++loop) {
    EXPECT_EQ(loops_[loop].channels().size(), 0U);
    EXPECT_EQ(loops_[loop].stats().channels.value(), 0);
  }
}

TEST_F(ChannelTest, TheSameNameInTwoAppsIsTwoChannels) {
  const AppRef other = app_with([](App& each) { each.index = AppIndex(1); });
  FakeSubscriber& a = connect();
  FakeSubscriber& b = connect();
  loops_.subscribe(a, app_, "news");
  loops_.subscribe(b, other, "news");
  loops_.settle();
  EXPECT_TRUE(loops_.publish(0, app_, "news", "1").ok());
  loops_.settle();
  EXPECT_EQ(a.log, (Strings{"admitted news", published("news", "1")}));
  EXPECT_EQ(b.log, Strings{"admitted news"});
}

TEST_F(ChannelTest, ADeliverToAFullMailboxIsDroppedAndCountedButMembersAreNot) {
  test::CoreLoops small(2, CoreOptions{}, nullptr, 1);
  const std::string room = small.name_homed_on(0, "presence-room");
  FakeSubscriber alice;
  FakeSubscriber bob;
  small.connect(1, alice);
  small.connect(0, bob);
  small.subscribe(alice, app_, room, "alice");
  small.settle();
  alice.log.clear();
  for (const char* data : {"1", "2", "3"}) EXPECT_TRUE(small.publish(0, app_, room, data).ok());
  small.subscribe(bob, app_, room, "bob");
  EXPECT_EQ(small[0].stats().deliver_dropped.value(), 2U);
  small.settle();
  EXPECT_EQ(alice.log, (Strings{published(room, "1"), member_added(room, "bob")}));
  EXPECT_EQ(small.executors[1]->reserved(), 0U);
}

}  // namespace
}  // namespace fanfare::core
