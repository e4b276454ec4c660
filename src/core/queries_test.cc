#include "core/queries.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/core_loops.h"
#include "support/fake_subscriber.h"

namespace fanfare::core {
namespace {

using namespace std::chrono_literals;
using test::FakeSubscriber;
using Strings = std::vector<std::string>;

class QueriesTest : public testing::Test {
 protected:
  QueriesTest() {
    for (std::size_t loop = 0; loop < 3; ++loop) loops_.connect(loop, subscribers_[loop]);
  }
  // Runs `ask` on loop 0 and returns what `done` was given.
  template <typename Answer, typename Ask>
  Answer asked(Ask ask) {
    std::optional<Answer> answer;
    loops_.on(0, [&](LoopCore& core) {
      ask(core, [&](Answer given) {
        EXPECT_FALSE(answer.has_value());
        EXPECT_EQ(loops_.acting, 0U);
        answer = std::move(given);
      });
    });
    loops_.run_mailboxes();
    EXPECT_TRUE(answer.has_value());
    return answer.value_or(Answer{});
  }
  static ChannelView view(const std::string& name) { return {AppIndex{}, name}; }

  AppRef app_ = test::make_app();
  test::CoreLoops loops_{3};
  std::array<FakeSubscriber, 3> subscribers_;
};

TEST_F(QueriesTest, AChannelsCountsAndCachedEventComeFromItsHome) {
  for (std::size_t home = 0; home < 3; ++home) {
    const std::string channel = loops_.name_homed_on(home, "presence-cache-room");
    loops_.subscribe(subscribers_[0], app_, channel, "alice");
    loops_.subscribe(subscribers_[1], app_, channel, "alice");
    loops_.subscribe(subscribers_[2], app_, channel, "bob");
    EXPECT_TRUE(loops_.publish(1, app_, channel, R"("x")").ok());
    loops_.settle();
    loops_.clock.advance(10s);
    const auto answer =
        asked<ChannelAnswer>([&](LoopCore& core, auto done) { query_channel(core, view(channel), done); });
    EXPECT_EQ(answer.counts.subscription_count, 3U);
    EXPECT_EQ(answer.counts.user_count, 2U);
    ASSERT_TRUE(answer.cached.has_value());
    EXPECT_EQ(answer.cached->data_token, R"("x")");
    EXPECT_EQ(answer.cached->ttl, app_->cache_ttl - 10s);
  }
}

TEST_F(QueriesTest, AnAppsUsersAreCountedOnceWhereverTheyAre) {
  for (std::size_t home = 0; home < 3; ++home) {
    const std::string room = loops_.name_homed_on(home, "presence-room");
    loops_.subscribe(subscribers_[0], app_, room, "alice");
    loops_.subscribe(subscribers_[1], app_, room, "bob");
  }
  loops_.subscribe(subscribers_[0], app_, "#server-to-user-alice");
  loops_.subscribe(subscribers_[1], app_, "#server-to-user-carol");
  loops_.subscribe(subscribers_[2], app_, "public");
  loops_.settle();
  const auto ask = [](LoopCore& core, auto done) { query_users(core, AppIndex{}, done); };
  EXPECT_EQ(asked<Strings>(ask), (Strings{"alice", "bob", "carol"}));
  loops_.close(subscribers_[1]);
  loops_.settle();
  EXPECT_EQ(asked<Strings>(ask), Strings{"alice"});
  EXPECT_EQ(asked<Strings>([](LoopCore& core, auto done) { query_users(core, AppIndex{9}, done); }), Strings{});
}

TEST_F(QueriesTest, AnUnknownChannelIsEmpty) {
  const auto answer =
      asked<ChannelAnswer>([](LoopCore& core, auto done) { query_channel(core, view("nowhere"), done); });
  EXPECT_EQ(answer.counts.subscription_count, 0U);
  EXPECT_FALSE(answer.cached.has_value());
}

TEST_F(QueriesTest, CountsComeInTheOrderAskedFor) {
  const Strings channels = {loops_.name_homed_on(2, "a"), loops_.name_homed_on(0, "b"), loops_.name_homed_on(1, "c"),
                            "d"};
  loops_.subscribe(subscribers_[0], app_, channels[0]);
  for (const std::size_t loop : {0U, 1U}) loops_.subscribe(subscribers_[loop], app_, channels[1]);
  for (const std::size_t loop : {0U, 1U, 2U}) loops_.subscribe(subscribers_[loop], app_, channels[2]);
  loops_.settle();
  const auto counts =
      asked<std::vector<ChannelCounts>>([&](LoopCore& core, auto done) { query_counts(core, {}, channels, done); });
  ASSERT_EQ(counts.size(), 4U);
  for (const std::size_t i : {0U, 1U, 2U}) EXPECT_EQ(counts[i].subscription_count, i + 1);
  EXPECT_EQ(counts[3].subscription_count, 0U);
  EXPECT_TRUE(
      asked<std::vector<ChannelCounts>>([](LoopCore& core, auto done) { query_counts(core, {}, {}, done); }).empty());
}

TEST_F(QueriesTest, MembersAreDistinctUsers) {
  const std::string room = loops_.name_homed_on(1, "presence-room");
  loops_.subscribe(subscribers_[0], app_, room, "alice");
  loops_.subscribe(subscribers_[1], app_, room, "bob");
  loops_.subscribe(subscribers_[2], app_, room, "alice");
  loops_.settle();
  Strings members = asked<Strings>([&](LoopCore& core, auto done) { query_members(core, view(room), done); });
  std::sort(members.begin(), members.end());
  EXPECT_EQ(members, (Strings{"alice", "bob"}));
  EXPECT_TRUE(
      asked<Strings>([](LoopCore& core, auto done) { query_members(core, view("presence-no"), done); }).empty());
}

TEST_F(QueriesTest, OccupiedChannelsOfTheAppAreGatheredFromAllLoops) {
  App other;
  other.index = AppIndex(1);
  Strings expected;
  for (std::size_t home = 0; home < 3; ++home) {
    expected.push_back(loops_.name_homed_on(home, "room-"));
    loops_.subscribe(subscribers_[home], app_, expected.back());
  }
  loops_.subscribe(subscribers_[0], app_, "hall");
  loops_.subscribe(subscribers_[0], app_, "#server-to-user-alice");
  loops_.subscribe(subscribers_[1], test::make_app(other), "room-other");
  loops_.settle();
  const auto names = [&](const std::string& prefix) {
    const auto found =
        asked<std::vector<NamedCounts>>([&](LoopCore& core, auto done) { query_channels(core, {}, prefix, done); });
    Strings all;
    for (const NamedCounts& each : found) all.push_back(each.channel);
    std::sort(all.begin(), all.end());
    return all;
  };
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(names("room-"), expected);
  EXPECT_EQ(names("").size(), 4U);
  EXPECT_TRUE(names("rooms").empty());
}

TEST_F(QueriesTest, AnIdempotencyKeyHasOneHomeWhoeverAsks) {
  Strings verdicts;
  const auto begin = [&](std::size_t loop, const std::string& who) {
    loops_.on(loop, [&](LoopCore& core) {
      begin_idempotent(core, *app_, "key", [&, who, loop](IdempotencyVerdict verdict, const PublishAnswer& answer) {
        EXPECT_EQ(loops_.acting, loop);
        verdicts.push_back(who + (verdict == IdempotencyVerdict::kFirst ? " first" : " repeat " + answer.body));
      });
    });
    loops_.run_mailboxes();
  };
  begin(0, "a");
  begin(1, "b");
  begin(2, "c");
  EXPECT_EQ(verdicts, Strings{"a first"});
  loops_.on(0, [&](LoopCore& core) { abandon_idempotent(core, *app_, "key"); });
  loops_.run_mailboxes();
  EXPECT_EQ(verdicts, (Strings{"a first", "b first"}));
  loops_.on(1, [&](LoopCore& core) { finish_idempotent(core, *app_, "key", {200, "text/plain", "done"}); });
  loops_.run_mailboxes();
  begin(0, "d");
  EXPECT_EQ(verdicts, (Strings{"a first", "b first", "c repeat done", "d repeat done"}));
}

}  // namespace
}  // namespace fanfare::core
