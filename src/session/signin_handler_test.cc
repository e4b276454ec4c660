#include "session/signin_handler.h"

#include "core/queries.h"
#include "session/session_test_support.h"

namespace fanfare::session {
namespace {

std::string watched(std::string_view events) {
  return R"({"event":"pusher_internal:watchlist_events","data":)" +
         json_string(R"({"events":[)" + std::string(events) + "]}") + "}";
}
std::string group(std::string_view name, std::string_view ids) {
  return R"({"name":")" + std::string(name) + R"(","user_ids":[)" + std::string(ids) + "]}";
}

class SigninTest : public SessionTest {
 protected:
  SigninTest() { app_settings.switches.watchlist = true; }

  std::unique_ptr<TestClient> connect_as(std::string_view user) {
    auto client = connect();
    client->send(signin(*client, R"({"id":")" + std::string(user) + "\"}"));
    (void)received(*client);
    return client;
  }
};

TEST_F(SigninTest, EchoesTheUserDataAsItWasSent) {
  const auto client = connect();
  const std::string data = R"({ "id":"u7","more":[1, 2],"user_info":{"n":"é"} })";
  client->send(signin(*client, data));
  EXPECT_EQ(received(*client), Messages{signed_in(data)});
  EXPECT_EQ(client->session->user_id(), "u7");
  EXPECT_EQ(stats.signins.value(), 1U);
}

TEST_F(SigninTest, EveryFailureIsAnsweredAndTheConnectionStays) {
  const auto client = connect();
  client->send(R"({"event":"pusher:signin","data":{"auth":"abc","user_data":"{}"}})");
  EXPECT_EQ(received(*client), Messages{error_of("Invalid format: auth must have the format key:signature")});
  client->send(R"({"event":"pusher:signin","data":{"auth":"key:abc","user_data":"{}"}})");
  EXPECT_EQ(received(*client), Messages{error_of("Invalid signature: Expected HMAC SHA256 hex digest of " +
                                                 client->socket_id() + "::user::{}, but got abc")});
  for (const std::string_view data : {"{}", R"({"id":7})", R"({"id":""})", "no", R"({"id":"a","watchlist":{}})"}) {
    client->send(signin(*client, data));
    const Messages answers = received(*client);
    ASSERT_EQ(answers.size(), 1U) << data;
    EXPECT_NE(answers[0].find("Invalid user_data"), std::string::npos) << answers[0];
  }
  EXPECT_EQ(client->session->user(), nullptr);
  EXPECT_EQ(client->transport.close_code, 0);
}

TEST_F(SigninTest, ARefreshIsFineAndAnotherIdIsRefused) {
  const auto client = connect_as("u7");
  const std::string refreshed = R"({"id":"u7","user_info":{"n":2}})";
  client->send(signin(*client, refreshed));
  EXPECT_EQ(received(*client), Messages{signed_in(refreshed)});
  EXPECT_EQ(client->session->user()->user_info, R"({"n":2})");
  client->send(signin(*client, R"({"id":"u8"})"));
  EXPECT_EQ(received(*client),
            Messages{error_of("Already signed in as another user: a connection keeps its first identity")});
  EXPECT_EQ(client->session->user_id(), "u7");
}

TEST_F(SigninTest, TheOwnChannelIsJoinedUnseenAndKnownOnceSubscribed) {
  for (const std::size_t home : {0U, 1U}) {
    context();
    const std::string channel = loops.name_homed_on(home, "#server-to-user-u", app->index);
    const auto client = connect_as(channel.substr(16));
    const core::ChannelView view(app->index, channel);
    ASSERT_NE(loops[0].subscriptions().find(*client->session, view), nullptr);
    // Hidden: to the client it is no subscription, but events reach it. Source: REF 6.5
    client->send(unsubscribe(channel));
    EXPECT_EQ(received(*client),
              Messages{error_of("No current subscription to channel " + channel + ", or subscription in progress")});

    client->send(subscribe(*client, channel));
    EXPECT_EQ(received(*client), Messages{succeeded(channel)});
    client->send(subscribe(*client, channel));
    EXPECT_EQ(received(*client), Messages{error_of("Existing subscription to channel " + channel)});
    ASSERT_TRUE(loops.publish(0, app, channel, "1").ok());
    EXPECT_EQ(received(*client), Messages{test::published(channel, "1")});

    client->send(unsubscribe(channel));
    EXPECT_EQ(received(*client), Messages{});
    EXPECT_EQ(client->session->user_id(), channel.substr(16));
    client->send(subscribe(*client, channel));
    EXPECT_EQ(received(*client), Messages{succeeded(channel)});
  }
}

TEST_F(SigninTest, SubscribingRightBehindTheSignInIsAnsweredOnceItStands) {
  const auto client = connect();
  const std::string channel = loops.name_homed_on(1, "#server-to-user-u", app->index);
  const std::string data = R"({"id":")" + channel.substr(16) + "\"}";
  client->send(signin(*client, data));
  client->send(subscribe(*client, channel));
  EXPECT_EQ(received(*client), (Messages{signed_in(data), succeeded(channel)}));
}

TEST_F(SigninTest, TheChannelOfAnotherUserIsNobodyElses) {
  const auto stranger = connect();
  const std::string refusal = error_of("Not authorized to subscribe to #server-to-user-u7: sign in as its user first");
  stranger->send(subscribe(*stranger, "#server-to-user-u7"));
  EXPECT_EQ(received(*stranger), Messages{refusal});
  const auto other = connect_as("u8");
  other->send(subscribe(*other, "#server-to-user-u7"));
  EXPECT_EQ(received(*other), Messages{refusal});
}

TEST_F(SigninTest, ATerminatedUserIsClosedOnEveryConnectionAndNobodyElse) {
  app_settings.terminate_close_code = 4200;
  const auto first = connect_as("u7");
  const auto second = connect_as("u7");
  const auto other = connect_as("u8");
  core::terminate_user(loops[0], app->index, "u7");
  loops.settle();
  EXPECT_EQ(first->transport.close_code, 4200);
  EXPECT_EQ(second->transport.close_code, 4200);
  EXPECT_EQ(other->transport.close_code, 0);
}

TEST_F(SigninTest, TheWatchlistBeginsWithOneMessageOfBothGroups) {
  const auto friend_online = connect_as("u8");
  const auto client = connect();
  client->send(signin(*client, R"({"id":"u7","watchlist":["u8","u9"]})"));
  const Messages answers = received(*client);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[1], watched(group("online", R"("u8")") + "," + group("offline", R"("u9")")));
}

TEST_F(SigninTest, ChangesFollowAndTabsAreNotRepeated) {
  const auto client = connect();
  client->send(signin(*client, R"({"id":"u7","watchlist":["u8"]})"));
  EXPECT_EQ(received(*client)[1], watched(group("offline", R"("u8")")));
  auto first = connect_as("u8");
  auto second = connect_as("u8");
  EXPECT_EQ(received(*client), Messages{watched(group("online", R"("u8")"))});
  first->session.reset();
  EXPECT_EQ(received(*client), Messages{});
  second->session.reset();
  EXPECT_EQ(received(*client), Messages{watched(group("offline", R"("u8")"))});
}

TEST_F(SigninTest, AnEmptyWatchlistSaysNothingAndTheSwitchTurnsItOff) {
  const auto client = connect();
  client->send(signin(*client, R"({"id":"u7","watchlist":[]})"));
  EXPECT_EQ(received(*client).size(), 1U);
  core::App off = *app;
  off.switches.watchlist = false;
  client->session->on_app_changed(std::make_shared<const core::App>(off));
  client->send(signin(*client, R"({"id":"u7","watchlist":["u8"]})"));
  EXPECT_EQ(received(*client).size(), 1U);
}

TEST_F(SigninTest, ALongWatchlistIsCutAnd4302ComesBeforeTheStates) {
  app_settings.limits.watchlist_users = 2;
  const auto client = connect();
  const std::string data = R"({"id":"u7","watchlist":["a","b","c"]})";
  client->send(signin(*client, data));
  const Messages answers = received(*client);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(answers[0], signed_in(data));
  EXPECT_EQ(answers[1], error_of("Watchlist limit exceeded: only the first 2 user ids are watched", "4302"));
  EXPECT_EQ(answers[2].find("\\\"c\\\""), std::string::npos);
}

TEST_F(SigninTest, ARefreshedWatchlistReplacesTheOldOne) {
  const auto client = connect();
  client->send(signin(*client, R"({"id":"u7","watchlist":["u8"]})"));
  (void)received(*client);
  client->send(signin(*client, R"({"id":"u7","watchlist":["u9"]})"));
  EXPECT_EQ(received(*client)[1], watched(group("offline", R"("u9")")));
  const auto u8 = connect_as("u8");
  EXPECT_EQ(received(*client), Messages{});
  const auto u9 = connect_as("u9");
  EXPECT_EQ(received(*client), Messages{watched(group("online", R"("u9")"))});
}

// The answers and changes as the homes send them, in an order that only several loops bring about.
class WatchNoticeTest : public SigninTest {
 protected:
  void watch(const std::string& list) {
    client_ = connect();
    client_->send(signin(*client_, R"({"id":"u7","watchlist":)" + list + "}"));
    client_->transport.sent.clear();
  }
  void notify(std::string_view user, bool online, std::uint32_t attempt) {
    const std::string name = "#server-to-user-" + std::string(user);
    client_->session->on_watch_notice(
        {core::make_channel_ref(core::ChannelView(app->index, name)), client_->session->ref(), attempt, online});
  }
  Messages take() { return std::exchange(client_->transport.sent, {}); }

  std::unique_ptr<TestClient> client_;
};

TEST_F(WatchNoticeTest, AChangeDuringTheGatheringGoesOutWithIt) {
  context();
  const std::string u1 = loops.name_homed_on(1, "#server-to-user-a", app->index).substr(16);
  const std::string u2 = loops.name_homed_on(1, "#server-to-user-b", app->index).substr(16);
  watch("[\"" + u1 + "\",\"" + u2 + "\"]");
  notify(u1, false, 1);
  notify(u1, true, 0);
  EXPECT_EQ(take(), Messages{});
  notify(u2, false, 1);
  EXPECT_EQ(take(), Messages{watched(group("online", '"' + u1 + '"') + "," + group("offline", '"' + u2 + '"'))});
}

TEST_F(WatchNoticeTest, AnswersToAnEarlierWatchlistAreIgnored) {
  context();
  const std::string u1 = loops.name_homed_on(1, "#server-to-user-a", app->index).substr(16);
  watch("[\"" + u1 + "\"]");
  client_->send(signin(*client_, R"({"id":"u7","watchlist":[")" + u1 + "\"]}"));
  (void)take();
  notify(u1, true, 1);
  EXPECT_EQ(take(), Messages{});
  notify(u1, false, 2);
  EXPECT_EQ(take(), Messages{watched(group("offline", '"' + u1 + '"'))});
}

// A change that was on its way when the client gave a new list was announced although the user is no longer watched.
TEST_F(WatchNoticeTest, AChangeOfAUserNoLongerWatchedIsIgnored) {
  watch(R"(["u8"])");
  (void)received(*client_);
  client_->send(signin(*client_, R"({"id":"u7","watchlist":[]})"));
  (void)received(*client_);
  notify("u8", true, 0);
  EXPECT_EQ(take(), Messages{});
}

}  // namespace
}  // namespace fanfare::session
