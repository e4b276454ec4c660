#include "server/core_backend.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "core/home.h"
#include "core/loop_link.h"
#include "json/json_reader.h"
#include "server/worker.h"
#include "support/fake_subscriber.h"
#include "support/manual_clock.h"
#include "support/manual_executor.h"

namespace fanfare::server {
namespace {

using gateway::Done;
using Strings = std::vector<std::string>;
using test::FakeSubscriber;

constexpr const char* kMasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

sdk::Event event_on(Strings channels, std::string data = "1") {
  return {.channels = std::move(channels), .name = "e", .data = std::move(data)};
}
sdk::BatchEvent batch_event(std::string channel, std::string data) {
  return {.channel = std::move(channel), .name = "e", .data = std::move(data)};
}

// The frame that subscribers of `channel` get: data is a string on the wire.
std::string frame(std::string_view channel, std::string_view data) {
  return R"({"event":"e","channel":")" + std::string(channel) + R"(","data":")" + std::string(data) + R"("})";
}

// One worker whose loop the test turns, and in place of the gateway's loop one whose tasks run when the test says so.
class CoreBackendTest : public testing::Test {
 protected:
  CoreBackendTest() {
    app_.id = "1";
    app_.keys = pusher::AppKeys({pusher::AppKey("key", "secret")});
    table_ = make_table({app_});
    worker_ = std::make_unique<Worker>(
        loop_, WorkerShared{config_, loops_, quota_, sessions_, nullptr, warnings_, config_.httpd}, table_);
    loops_.add(loop_, worker_->core());
    make_backend("1", *sdk::MasterKey::from_base64(kMasterKey));
  }

  static core::AppTableRef make_table(std::vector<core::App> apps, const core::AppTable& previous = {}) {
    return std::make_shared<const core::AppTable>(std::move(apps), previous);
  }
  void make_backend(std::string app_id, std::optional<sdk::MasterKey> master_key) {
    backend_ = std::make_unique<CoreBackend>(*worker_, std::move(app_id), std::move(master_key), gateway_loop_);
  }
  // As a reload does it.
  void reload(const core::App& app) {
    table_ = make_table({app}, *table_);
    worker_->replace_apps(table_);
  }
  const core::AppRef& app() const { return *table_->find_by_id("1"); }

  void settle() {
    while (loop_.turn(std::chrono::milliseconds(0)) || loop_.mailbox_depth() != 0) {
    }
  }

  FakeSubscriber& connect(const std::string& user = {}) {
    subscribers_.push_back(std::make_unique<FakeSubscriber>(user));
    worker_->core().connections().add(*subscribers_.back());
    return *subscribers_.back();
  }
  void subscribe(FakeSubscriber& subscriber, const std::string& channel, const std::string& user_id = {}) {
    core::MemberRef member;
    if (!user_id.empty()) member = core::Member::make(user_id, {});
    worker_->core().subscriptions().subscribe(subscriber, app(), core::ChannelView(app()->index, channel),
                                              std::move(member));
    settle();
    subscriber.take_log();
  }
  FakeSubscriber& subscriber_of(const std::string& channel) {
    FakeSubscriber& subscriber = connect();
    subscribe(subscriber, channel);
    return subscriber;
  }

  // What `call` (a function that gets a Done<T>) is answered, once both loops have done their part.
  template <typename T, typename Call>
  sdk::Result<T> answer(Call call) {
    std::optional<sdk::Result<T>> answered;
    int answers = 0;
    call(Done<T>([&](sdk::Result<T> result) {
      answered.emplace(std::move(result));
      ++answers;
    }));
    settle();
    gateway_loop_.run_all();
    EXPECT_EQ(answers, 1);
    if (!answered) return sdk::Error{.kind = sdk::ErrorKind::kTimeout};
    return *std::move(answered);
  }
  sdk::Result<sdk::TriggerAnswer> publish(const sdk::Event& event) {
    return answer<sdk::TriggerAnswer>([&](auto done) { backend_->publish(event, done); });
  }
  sdk::Result<sdk::BatchAnswer> publish_batch(const std::vector<sdk::BatchEvent>& events, const std::string& key = {}) {
    return answer<sdk::BatchAnswer>([&](auto done) { backend_->publish_batch(events, key, done); });
  }
  static sdk::ErrorKind kind(const auto& result) { return result.ok() ? sdk::ErrorKind{} : result.error().kind; }

  ManualClock clock_;
  config::Config config_;
  net::EventLoop loop_{LoopIndex(0), config_.net, clock_};
  core::LoopSet loops_;
  core::ConnectionQuota quota_;
  OnceAMinute warnings_;
  session::SharedSessionState sessions_;
  core::App app_;
  core::AppTableRef table_;
  test::ManualExecutor gateway_loop_{LoopIndex(9)};
  std::vector<std::unique_ptr<FakeSubscriber>> subscribers_;
  std::unique_ptr<Worker> worker_;
  std::unique_ptr<CoreBackend> backend_;
};

TEST_F(CoreBackendTest, AnEventReachesWhoeverSubscribed) {
  FakeSubscriber& a = subscriber_of("a");
  FakeSubscriber& b = subscriber_of("private-b");
  FakeSubscriber& other = subscriber_of("c");
  const auto answered = publish(event_on({"a", "private-b"}, R"({"n":"é"})"));
  ASSERT_TRUE(answered.ok());
  EXPECT_FALSE(answered->skipped);
  EXPECT_TRUE(answered->channels.empty()) << "no counts were asked for";
  settle();
  EXPECT_EQ(a.log, Strings{frame("a", R"({\"n\":\"é\"})")});
  EXPECT_EQ(b.log, Strings{frame("private-b", R"({\"n\":\"é\"})")});
  EXPECT_TRUE(other.log.empty());
}

TEST_F(CoreBackendTest, EventsKeepTheOrderOfTheCalls) {
  FakeSubscriber& a = subscriber_of("a");
  Strings expected;
  for (int i = 0; i < 20; ++i) {
    backend_->publish(event_on({"a"}, std::to_string(i)), [](const auto&) {});
    expected.push_back(frame("a", std::to_string(i)));
  }
  settle();
  EXPECT_EQ(a.log, expected);
}

TEST_F(CoreBackendTest, TheSenderIsLeftOut) {
  FakeSubscriber& sender = subscriber_of("a");
  FakeSubscriber& other = subscriber_of("a");
  sdk::Event event = event_on({"a"});
  event.socket_id = pusher::to_string(sender.ref().socket_id());
  ASSERT_TRUE(publish(event).ok());
  settle();
  EXPECT_TRUE(sender.log.empty());
  EXPECT_EQ(other.log, Strings{frame("a", "1")});
}

TEST_F(CoreBackendTest, AnAnswerComesOnTheGatewaysLoop) {
  bool answered = false;
  backend_->publish(event_on({"a"}), [&](const auto&) { answered = true; });
  EXPECT_FALSE(answered);
  settle();
  EXPECT_FALSE(answered) << "not on the worker's loop";
  gateway_loop_.run_all();
  EXPECT_TRUE(answered);
}

TEST_F(CoreBackendTest, AnEncryptedChannelsEventLeavesEncrypted) {
  const std::string channel = "private-encrypted-a";
  FakeSubscriber& a = subscriber_of(channel);
  ASSERT_TRUE(publish(event_on({channel}, "secret text")).ok());
  settle();
  ASSERT_EQ(a.log.size(), 1U);
  EXPECT_EQ(a.log[0].find("secret text"), std::string::npos);
  json::Reader message;
  ASSERT_TRUE(message.parse_object(a.log[0]).ok());
  const auto opened = sdk::MasterKey::from_base64(kMasterKey)->decrypt(channel, message.find("data")->text);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened, "secret text");
}

TEST_F(CoreBackendTest, WithoutAMasterKeyNothingOfAnEncryptedChannelLeaves) {
  make_backend("1", std::nullopt);
  FakeSubscriber& a = subscriber_of("private-encrypted-a");
  EXPECT_EQ(kind(publish(event_on({"private-encrypted-a"}))), sdk::ErrorKind::kInvalid);
  settle();
  EXPECT_TRUE(a.log.empty());
}

TEST_F(CoreBackendTest, TheAppsLimitsHold) {
  FakeSubscriber& a = subscriber_of("a");
  app_.limits.event_data_bytes = 4;
  app_.limits.publish_channels = 2;
  app_.limits.publish_batch_events = 2;
  app_.limits.channel_name_chars = 5;
  app_.limits.event_name_chars = 3;
  reload(app_);
  EXPECT_TRUE(publish(event_on({"a", "b"}, "1234")).ok());
  EXPECT_EQ(kind(publish(event_on({"a"}, "12345"))), sdk::ErrorKind::kTooLarge);
  EXPECT_EQ(kind(publish(event_on({"a", "b", "c"}))), sdk::ErrorKind::kRejected);
  EXPECT_EQ(kind(publish(event_on({"123456"}))), sdk::ErrorKind::kRejected);
  sdk::Event named = event_on({"a"});
  named.name = "äöü";
  EXPECT_TRUE(publish(named).ok()) << "characters, not bytes";
  named.name = "abcd";
  EXPECT_EQ(kind(publish(named)), sdk::ErrorKind::kRejected);
  EXPECT_TRUE(publish_batch({batch_event("a", "1"), batch_event("a", "2")}).ok());
  EXPECT_EQ(kind(publish_batch({batch_event("a", "1"), batch_event("a", "2"), batch_event("a", "3")})),
            sdk::ErrorKind::kRejected);
  settle();
  EXPECT_EQ(a.log.size(), 4U) << "what was refused reached nobody";
}

TEST_F(CoreBackendTest, TheAppsPublishesASecondHold) {
  app_.limits.publishes_per_second = 2;
  reload(app_);
  EXPECT_TRUE(publish(event_on({"a", "b"})).ok());
  EXPECT_EQ(kind(publish(event_on({"a"}))), sdk::ErrorKind::kLimit);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(publish(event_on({"a"})).ok());
}

TEST_F(CoreBackendTest, OneWrongEventOfABatchAndNothingIsPublished) {
  FakeSubscriber& a = subscriber_of("a");
  EXPECT_EQ(kind(publish_batch({batch_event("a", "1"), batch_event("no good", "2")})), sdk::ErrorKind::kRejected);
  settle();
  EXPECT_TRUE(a.log.empty());
  EXPECT_TRUE(publish_batch({batch_event("a", "1"), batch_event("a", "2")}).ok());
  settle();
  EXPECT_EQ(a.log, (Strings{frame("a", "1"), frame("a", "2")}));
}

TEST_F(CoreBackendTest, ARepeatedKeyPublishesOnce) {
  FakeSubscriber& a = subscriber_of("a");
  sdk::Event event = event_on({"a"});
  event.idempotency_key = "k";
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(publish(event).ok());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(publish_batch({batch_event("a", "2")}, "batch").ok());
  settle();
  EXPECT_EQ(a.log, (Strings{frame("a", "1"), frame("a", "2")}));
}

TEST_F(CoreBackendTest, AKeyWhosePublishFailedIsFreeAgain) {
  app_.limits.publishes_per_second = 1;
  reload(app_);
  FakeSubscriber& a = subscriber_of("a");
  EXPECT_TRUE(publish(event_on({"b"})).ok());
  sdk::Event event = event_on({"a"});
  event.idempotency_key = "k";
  EXPECT_EQ(kind(publish(event)), sdk::ErrorKind::kLimit);
  clock_.advance(std::chrono::seconds(1));
  EXPECT_TRUE(publish(event).ok());
  settle();
  EXPECT_EQ(a.log.size(), 1U);
}

TEST_F(CoreBackendTest, CountsComeWithAPublishThatAsks) {
  app_.switches.subscription_count = true;
  reload(app_);
  FakeSubscriber& one = connect();
  FakeSubscriber& two = connect();
  subscribe(one, "presence-a", "alice");
  subscribe(two, "presence-a", "alice");
  sdk::Event event = event_on({"presence-a", "b"});
  event.info = {.user_count = true, .subscription_count = true};
  const auto answered = publish(event);
  ASSERT_TRUE(answered.ok());
  const sdk::ChannelCounts& room = answered->channels.at("presence-a");
  EXPECT_EQ(room.user_count, 1U);
  EXPECT_EQ(room.subscription_count, 2U);
  EXPECT_EQ(answered->channels.at("b").user_count, std::nullopt) << "not a presence channel";
  EXPECT_EQ(answered->channels.at("b").subscription_count, 0U);

  sdk::BatchEvent asking = batch_event("presence-a", "1");
  asking.info = {.subscription_count = true};
  const auto batch = publish_batch({batch_event("b", "1"), asking});
  ASSERT_TRUE(batch.ok());
  ASSERT_EQ(batch->events.size(), 2U);
  EXPECT_EQ(batch->events[0].subscription_count, std::nullopt);
  EXPECT_EQ(batch->events[1].subscription_count, 2U);
}

TEST_F(CoreBackendTest, SubscriptionsAreCountedOnlyWhereTheAppSaysSo) {
  FakeSubscriber& a = subscriber_of("a");
  sdk::Event event = event_on({"a"});
  event.info.subscription_count = true;
  EXPECT_EQ(kind(publish(event)), sdk::ErrorKind::kRejected);
  sdk::BatchEvent asking = batch_event("a", "1");
  asking.info.subscription_count = true;
  EXPECT_EQ(kind(publish_batch({batch_event("a", "1"), asking})), sdk::ErrorKind::kRejected);
  EXPECT_EQ(
      kind(answer<sdk::ChannelAnswer>([&](auto done) { backend_->channel("a", {.subscription_count = true}, done); })),
      sdk::ErrorKind::kRejected);
  settle();
  EXPECT_TRUE(a.log.empty());
}

TEST_F(CoreBackendTest, SaysWhichChannelsThereAreAndWhoIsInThem) {
  app_.switches.subscription_count = true;
  reload(app_);
  FakeSubscriber& alice = connect("alice");
  subscribe(alice, "presence-a", "alice");
  FakeSubscriber& bob = connect("bob");
  subscribe(bob, "presence-a", "bob");
  subscribe(bob, "b");
  subscribe(connect("carol"), "#server-to-user-carol");

  const auto channels = answer<sdk::ChannelsAnswer>([&](auto done) { backend_->channels({}, done); });
  ASSERT_TRUE(channels.ok());
  EXPECT_TRUE(channels->contains("presence-a") && channels->contains("b"));
  const auto rooms = answer<sdk::ChannelsAnswer>(
      [&](auto done) { backend_->channels({.prefix = "presence-", .user_count = true}, done); });
  ASSERT_EQ(rooms->size(), 1U);
  EXPECT_EQ(rooms->at("presence-a").user_count, 2U);

  const auto room = answer<sdk::ChannelAnswer>(
      [&](auto done) { backend_->channel("presence-a", {.user_count = true, .subscription_count = true}, done); });
  EXPECT_TRUE(room->occupied);
  EXPECT_EQ(room->user_count, 2U);
  EXPECT_EQ(room->subscription_count, 2U);
  EXPECT_FALSE(answer<sdk::ChannelAnswer>([&](auto done) { backend_->channel("nowhere", {}, done); })->occupied);

  auto members = answer<Strings>([&](auto done) { backend_->members("presence-a", done); });
  ASSERT_TRUE(members.ok());
  std::ranges::sort(*members);
  EXPECT_EQ(*members, (Strings{"alice", "bob"}));
  const auto users = answer<std::uint64_t>([&](auto done) { backend_->user_count(done); });
  EXPECT_EQ(*users, 3U) << "present or signed in";
}

TEST_F(CoreBackendTest, AUsersConnectionsAreClosed) {
  FakeSubscriber& alice = connect("alice");
  subscribe(alice, "#server-to-user-alice");
  FakeSubscriber& bob = connect("bob");
  subscribe(bob, "#server-to-user-bob");
  EXPECT_TRUE(answer<void>([&](auto done) { backend_->terminate_user("alice", done); }).ok());
  settle();
  EXPECT_EQ(alice.log, Strings{"terminated"});
  EXPECT_TRUE(bob.log.empty());
}

TEST_F(CoreBackendTest, AnAppThatIsGoneOrDisabledIsForbidden) {
  make_backend("2", std::nullopt);
  EXPECT_EQ(kind(publish(event_on({"a"}))), sdk::ErrorKind::kForbidden);
  make_backend("1", std::nullopt);
  EXPECT_TRUE(publish(event_on({"a"})).ok());
  app_.switches.enabled = false;
  reload(app_);
  EXPECT_EQ(kind(publish(event_on({"a"}))), sdk::ErrorKind::kForbidden);
  EXPECT_EQ(kind(answer<std::uint64_t>([&](auto done) { backend_->user_count(done); })), sdk::ErrorKind::kForbidden);
  app_.switches.enabled = true;
  reload(app_);
  EXPECT_TRUE(publish(event_on({"a"})).ok()) << "a reload counts from the next call on";
}

TEST_F(CoreBackendTest, AFullMailboxIsSaidAtOnce) {
  const std::size_t places = config_.net.mailbox_places;
  ASSERT_TRUE(loop_.try_reserve(places));
  std::optional<sdk::ErrorKind> refused;
  backend_->publish(event_on({"a"}), [&](const sdk::Result<sdk::TriggerAnswer>& result) { refused = kind(result); });
  EXPECT_EQ(refused, sdk::ErrorKind::kLimit);
  loop_.release(places);
  EXPECT_TRUE(publish(event_on({"a"})).ok());
  EXPECT_EQ(loop_.mailbox_reserved(), 0U) << "what a call took is given back";
}

TEST_F(CoreBackendTest, AQuestionOutlivesItsBackend) {
  FakeSubscriber& a = subscriber_of("a");
  backend_->publish(event_on({"a"}), [](const auto&) {});
  backend_.reset();
  settle();
  gateway_loop_.run_all();
  EXPECT_EQ(a.log.size(), 1U);
}

}  // namespace
}  // namespace fanfare::server
