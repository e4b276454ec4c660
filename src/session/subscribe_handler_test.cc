#include "session/subscribe_handler.h"

#include "core/queries.h"
#include "session/session_test_support.h"

namespace fanfare::session {
namespace {

using std::chrono::seconds;

TEST_F(SessionTest, APublicChannelWantsNoAuthWhereverItsHomeIs) {
  const auto client = connect();
  for (const std::size_t home : {0U, 1U}) {
    const std::string channel = loops.name_homed_on(home, "orders", app->index);
    client->send(subscribe(*client, channel));
    EXPECT_EQ(received(*client), Messages{succeeded(channel)});
    ASSERT_TRUE(loops.publish(0, app, channel, "1").ok());
    EXPECT_EQ(received(*client), Messages{test::published(channel, "1")});
    client->send(unsubscribe(channel));
    ASSERT_TRUE(loops.publish(0, app, channel, "2").ok());
    EXPECT_EQ(received(*client), Messages{});
  }
}

TEST_F(SessionTest, SubscribingTwiceIsSaidAlsoWhilePending) {
  const auto client = connect();
  const std::string channel = loops.name_homed_on(1, "orders", app->index);
  client->send(subscribe(*client, channel));
  client->send(subscribe(*client, channel));
  EXPECT_EQ(received(*client), (Messages{error_of("Existing subscription to channel " + channel), succeeded(channel)}));
}

TEST_F(SessionTest, UnsubscribingWhatIsNotThereIsSaid) {
  const auto client = connect();
  client->send(unsubscribe("orders"));
  EXPECT_EQ(received(*client),
            Messages{error_of("No current subscription to channel orders, or subscription in progress")});
}

TEST_F(SessionTest, UnsubscribingWhilePendingEndsItBehindItsSuccess) {
  const auto client = connect();
  const std::string channel = loops.name_homed_on(1, "orders", app->index);
  client->send(subscribe(*client, channel));
  client->send(unsubscribe(channel));
  ASSERT_TRUE(loops.publish(0, app, channel, "1").ok());
  EXPECT_EQ(received(*client), Messages{succeeded(channel)});
  EXPECT_EQ(client->session->subscription_count(), 0U);
}

TEST_F(SessionTest, APrivateChannelWithoutOrWithWrongAuthTeaches) {
  const auto client = connect();
  client->send(R"({"event":"pusher:subscribe","data":{"channel":"private-a"}})");
  EXPECT_EQ(received(*client), Messages{error_of("Auth info required to subscribe to private-a")});

  client->send(R"({"event":"pusher:subscribe","data":{"channel":"private-a","auth":"key:abc"}})");
  EXPECT_EQ(received(*client), Messages{error_of("Invalid signature: Expected HMAC SHA256 hex digest of " +
                                                 client->socket_id() + ":private-a, but got abc")});

  client->send(R"({"event":"pusher:subscribe","data":{"channel":"private-a","auth":"other:abc"}})");
  EXPECT_EQ(received(*client), Messages{error_of("Invalid key in subscription auth data: 'other'")});

  client->send(R"({"event":"pusher:subscribe","data":{"channel":"private-a","auth":"abc"}})");
  EXPECT_EQ(received(*client), Messages{error_of("Invalid format: auth must have the format key:signature")});
  EXPECT_EQ(client->session->subscription_count(), 0U);
}

TEST_F(SessionTest, AnAuthIsForOneConnectionAndOneChannel) {
  const auto alice = connect();
  const auto bob = connect();
  std::string stolen = subscribe(*alice, "private-a");
  bob->send(stolen);
  EXPECT_TRUE(received(*bob)[0].find("Invalid signature") != std::string::npos);
  stolen.replace(stolen.find("private-a"), 9, "private-b");
  alice->send(stolen);
  EXPECT_TRUE(received(*alice)[0].find("Invalid signature") != std::string::npos);
}

TEST_F(SessionTest, ThePresenceRosterComesWithTheSuccess) {
  const auto alice = connect();
  const auto bob = connect();
  const std::string data = R"({"user_id":"alice","user_info":{"n":1}})";
  alice->send(subscribe(*alice, "presence-room", data));
  EXPECT_EQ(received(*alice),
            Messages{R"({"event":"pusher_internal:subscription_succeeded","data":)" +
                     json_string(R"({"presence":{"count":1,"ids":["alice"],"hash":{"alice":{"n":1}}}})") +
                     R"(,"channel":"presence-room"})"});
  bob->send(subscribe(*bob, "presence-room", R"({"user_id":"bob"})"));
  EXPECT_EQ(received(*alice),
            Messages{R"({"event":"pusher_internal:member_added","data":)" +
                     json_string(R"({"user_id":"bob","user_info":null})") + R"(,"channel":"presence-room"})"});
  EXPECT_EQ(received(*bob).size(), 1U);
  bob->session.reset();
  EXPECT_EQ(received(*alice), Messages{R"({"event":"pusher_internal:member_removed","data":)" +
                                       json_string(R"({"user_id":"bob"})") + R"(,"channel":"presence-room"})"});
}

TEST_F(SessionTest, APresenceChannelTakesTheSignedInUserWithoutChannelData) {
  const auto client = connect();
  client->send(subscribe(*client, "presence-room"));
  EXPECT_EQ(received(*client),
            Messages{error_of("Invalid channel_data: must be valid JSON with a user_id (or sign in before "
                              "subscribing)")});
  client->send(signin(*client, R"({"id":"alice","user_info":{"n":1}})"));
  client->send(subscribe(*client, "presence-room"));
  const Messages answers = received(*client);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_NE(answers[1].find(R"(\"hash\":{\"alice\":{\"n\":1}})"), std::string::npos) << answers[1];
}

TEST_F(SessionTest, AFullPresenceChannelRefusesTheNextUserOnly) {
  app_settings.limits.presence_members = 1;
  const auto alice = connect();
  const auto tab = connect();
  const auto bob = connect();
  const std::string room = loops.name_homed_on(1, "presence-room", app_settings.index);
  alice->send(subscribe(*alice, room, R"({"user_id":"alice"})"));
  tab->send(subscribe(*tab, room, R"({"user_id":"alice"})"));
  bob->send(subscribe(*bob, room, R"({"user_id":"bob"})"));
  EXPECT_EQ(received(*bob), Messages{error_of("Maximum members per presence channel limit reached (1)")});
  EXPECT_EQ(received(*tab).size(), 1U);
  EXPECT_EQ(bob->session->subscription_count(), 0U);
}

TEST_F(SessionTest, ACacheChannelGivesItsEventOrTheMiss) {
  const auto client = connect();
  const std::string channel = loops.name_homed_on(1, "cache-price", app->index);
  client->send(subscribe(*client, channel));
  EXPECT_EQ(received(*client), (Messages{succeeded(channel),
                                         R"({"event":"pusher:cache_miss","data":"{}","channel":")" + channel + "\"}"}));
  ASSERT_TRUE(loops.publish(0, app, channel, "1").ok());
  (void)received(*client);
  client->send(unsubscribe(channel));
  client->send(subscribe(*client, channel));
  EXPECT_EQ(received(*client), (Messages{succeeded(channel), test::published(channel, "1")}));
}

TEST_F(SessionTest, SubscriptionsOfOneConnectionAreBounded) {
  app_settings.limits.subscriptions_per_connection = 2;
  const auto client = connect();
  for (const std::string_view channel : {"a", "b", "c"}) client->send(subscribe(*client, channel));
  const Messages answers = received(*client);
  ASSERT_EQ(answers.size(), 3U);
  EXPECT_EQ(
      std::count(answers.begin(), answers.end(), error_of("Too many subscriptions on this connection: at most 2")), 1);
  client->send(unsubscribe("a"));
  client->send(subscribe(*client, "c"));
  EXPECT_EQ(received(*client), Messages{succeeded("c")});
}

TEST_F(SessionTest, EchosErrorEventFollowsWhereTheAppWantsIt) {
  app_settings.switches.subscription_error_events = true;
  const auto client = connect();
  const auto second_answer = [&](std::string_view command) {
    client->send(command);
    const Messages answers = received(*client);
    return answers.size() == 2 ? answers[1] : "";
  };
  const std::string start = R"({"event":"pusher:subscription_error","channel":")";
  const std::string no_auth = second_answer(R"({"event":"pusher:subscribe","data":{"channel":"private-a"}})");
  EXPECT_TRUE(no_auth.starts_with(start + R"(private-a","data":{"type":"AuthError")")) << no_auth;
  EXPECT_TRUE(no_auth.ends_with(R"("status":401}})")) << no_auth;
  const std::string bad_name = second_answer(R"({"event":"pusher:subscribe","data":{"channel":"a b\"c"}})");
  EXPECT_TRUE(bad_name.starts_with(start + R"(a b\"c")")) << bad_name;
  EXPECT_TRUE(bad_name.ends_with(R"("status":400}})")) << bad_name;
}

TEST_F(SessionTest, AKickedConnectionsAuthIsRefusedForAWhile) {
  const auto client = connect();
  const std::string room = loops.name_homed_on(1, "presence-room", app->index);
  const std::string command = subscribe(*client, room, R"({"user_id":"alice"})");
  client->send(command);
  EXPECT_EQ(received(*client).size(), 1U);
  core::kick_member(loops[0], core::ChannelView(app->index, room), "alice");
  EXPECT_EQ(received(*client), Messages{error_of("Removed from channel " + room + " by the application")});
  client->send(command);
  EXPECT_EQ(received(*client),
            Messages{error_of("Removed from channel " + room + " by the application: this auth is refused")});
  client->send(subscribe(*client, "private-other"));
  EXPECT_EQ(received(*client), Messages{succeeded("private-other")});
  pass(seconds{59});
  client->send(command);
  EXPECT_EQ(received(*client).size(), 1U);
  EXPECT_EQ(client->session->subscription_count(), 1U);
  pass(seconds{2});
  client->send(command);
  EXPECT_EQ(received(*client).size(), 1U);
  EXPECT_EQ(client->session->subscription_count(), 2U);
}

TEST_F(SessionTest, KicksAreRememberedForABoundedNumberOfChannels) {
  const auto client = connect();
  for (int i = 0; i < 40; ++i) {
    const std::string name = "private-" + std::to_string(i);
    client->session->on_kicked(*core::make_channel_ref(core::ChannelView(app->index, name)));
  }
  EXPECT_FALSE(client->session->is_kicked_from("private-7"));
  EXPECT_TRUE(client->session->is_kicked_from("private-8"));
  EXPECT_TRUE(client->session->is_kicked_from("private-39"));
}

}  // namespace
}  // namespace fanfare::session
