// Public channels with an access rule, and client events with one: what a session makes of them.
#include "session/held_subscriptions.h"

#include "session/access_check.h"
#include "session/session_test_support.h"

namespace fanfare::session {
namespace {

using std::chrono::seconds;
using Strings = std::vector<std::string>;

constexpr MonotonicTime at(int second) { return MonotonicTime(seconds(second)); }

TEST(HeldSubscriptionsTest, EachIsHeldOnceUpToABound) {
  HeldSubscriptions held;
  EXPECT_EQ(held.next_due(), std::nullopt);
  for (std::size_t i = 0; i < HeldSubscriptions::kMax; ++i) {
    EXPECT_EQ(held.hold("c" + std::to_string(i), at(10)), HeldSubscriptions::Outcome::kHeld);
  }
  EXPECT_EQ(held.hold("c7", at(10)), HeldSubscriptions::Outcome::kAlreadyHeld);
  EXPECT_EQ(held.hold("more", at(10)), HeldSubscriptions::Outcome::kTooMany);
  EXPECT_TRUE(held.drop("c7"));
  EXPECT_FALSE(held.drop("c7"));
  EXPECT_EQ(held.take_all().size(), HeldSubscriptions::kMax - 1);
  EXPECT_TRUE(held.take_all().empty());
}

TEST(HeldSubscriptionsTest, TheirTimeEndsInOrder) {
  HeldSubscriptions held;
  (void)held.hold("a", at(10));
  (void)held.hold("b", at(12));
  (void)held.hold("c", at(11));
  EXPECT_EQ(held.next_due(), at(10));
  EXPECT_EQ(held.take_due(at(9)), Strings{});
  EXPECT_EQ(held.take_due(at(11)), (Strings{"a", "c"}));
  EXPECT_EQ(held.next_due(), at(12));
}

TEST(AccessCheckTest, TheRoleIsTextInAnObject) {
  EXPECT_EQ(role_in(R"({"name":"Ida","role":"teacher"})"), "teacher");
  for (const char* info : {"", "{}", "[]", "\"teacher\"", R"({"role":7})", R"({"role":null})", R"({"role")"}) {
    EXPECT_EQ(role_in(info), "") << info;
  }
}

// An app that goes by the rules; "desk" is for editors and up.
class AccessRulesTest : public SessionTest {
 protected:
  AccessRulesTest() {
    app_settings.switches.client_events = true;
    app_settings.access = *access::AccessTable::build({.roles = {"viewer", "editor", "chief"},
                                                       .rules = {{"desk", "editor", "", ""},
                                                                 {"lobby", "anyone", "", ""},
                                                                 {"own-{user_id}", "user_id={user_id}", "", ""},
                                                                 {"private-talk", "viewer", "", "viewer"},
                                                                 {"private-press", "viewer", "", "editor"},
                                                                 {"private-silent", "viewer", "", ""},
                                                                 {"presence-room", "viewer", "", "editor"}}});
  }
  static std::string user(std::string_view id, std::string_view role) {
    return R"({"id":")" + std::string(id) + R"(","user_info":{"role":")" + std::string(role) + R"("}})";
  }
  static Messages refusal(const std::string& channel, const std::string& why) {
    const std::string text = "Not authorized to subscribe to " + channel + ": " + why;
    return {error_of(text), R"({"event":"pusher:subscription_error","channel":")" + channel +
                                R"(","data":{"type":"AuthError","error":")" + text + R"(","status":403}})"};
  }
  void sign_in(TestClient& client, std::string_view id, std::string_view role) {
    client.send(signin(client, user(id, role)));
  }
  Messages after_sign_in(TestClient& client, std::string_view id, std::string_view role) {
    sign_in(client, id, role);
    Messages messages = received(client);
    EXPECT_FALSE(messages.empty());
    if (!messages.empty()) {
      EXPECT_EQ(messages.front(), signed_in(user(id, role)));
      messages.erase(messages.begin());
    }
    return messages;
  }
};

TEST_F(AccessRulesTest, ChannelsWithoutARuleAndOpenOnesAskForNothing) {
  const auto client = connect();
  client->send(subscribe(*client, "orders"));
  client->send(subscribe(*client, "lobby"));
  EXPECT_EQ(received(*client), (Messages{succeeded("orders"), succeeded("lobby")}));
}

TEST_F(AccessRulesTest, ASignatureDecidesOnPrivateAndPresenceChannels) {
  const auto client = connect();  // not signed in: its role is not known
  for (const char* channel : {"private-press", "private-without-a-rule"}) {
    client->send(subscribe(*client, channel));
    EXPECT_EQ(received(*client), Messages{succeeded(channel)});
  }
  client->send(subscribe(*client, "presence-room", R"({"user_id":"1"})"));
  const Messages joined = received(*client);
  ASSERT_EQ(joined.size(), 1U);
  EXPECT_NE(joined[0].find("pusher_internal:subscription_succeeded"), std::string::npos) << joined[0];
}

TEST_F(AccessRulesTest, ASubscriptionBeforeTheSignInIsHeldAndThenGranted) {
  const auto client = connect();
  client->send(subscribe(*client, "desk"));
  EXPECT_EQ(received(*client), Messages{});
  EXPECT_EQ(client->session->subscription_count(), 0U) << "it counts nowhere";
  ASSERT_TRUE(loops.publish(0, app, "desk", "1").ok());
  EXPECT_EQ(received(*client), Messages{});
  EXPECT_EQ(after_sign_in(*client, "7", "chief"), Messages{succeeded("desk")});
  ASSERT_TRUE(loops.publish(0, app, "desk", "2").ok());
  EXPECT_EQ(received(*client), Messages{test::published("desk", "2")});
}

TEST_F(AccessRulesTest, AfterTheSignInTheRoleDecidesAtOnce) {
  const auto client = connect();
  sign_in(*client, "7", "editor");
  (void)received(*client);
  client->send(subscribe(*client, "desk"));
  client->send(subscribe(*client, "own-7"));
  client->send(subscribe(*client, "own-8"));
  const Messages messages = received(*client);
  ASSERT_EQ(messages.size(), 4U);
  EXPECT_EQ(messages[0], succeeded("desk"));
  EXPECT_EQ(messages[1], succeeded("own-7"));
  EXPECT_EQ((Messages{messages[2], messages[3]}), refusal("own-8", "needs the channel's {user_id} in user_id"));
}

TEST_F(AccessRulesTest, ARoleThatIsTooLowIsRefusedByName) {
  const auto client = connect();
  client->send(subscribe(*client, "desk"));
  EXPECT_EQ(after_sign_in(*client, "7", "viewer"), refusal("desk", "needs role editor"));
  client->send(subscribe(*client, "desk"));
  EXPECT_EQ(received(*client), refusal("desk", "needs role editor"));
}

TEST_F(AccessRulesTest, WhoNeverSignsInIsRefusedWhenTheTimeIsOver) {
  const auto client = connect();
  client->send(subscribe(*client, "desk"));
  pass(seconds(9));
  EXPECT_EQ(received(*client), Messages{});
  pass(seconds(2));
  EXPECT_EQ(received(*client), refusal("desk", "needs role editor; sign in first"));
  pass(seconds(20));
  EXPECT_EQ(received(*client), Messages{});
}

TEST_F(AccessRulesTest, WithoutTimeToWaitItIsRefusedAtOnce) {
  app_settings.access_hold = seconds(0);
  const auto client = connect();
  client->send(subscribe(*client, "desk"));
  EXPECT_EQ(received(*client), refusal("desk", "needs role editor; sign in first"));
}

TEST_F(AccessRulesTest, AHeldOneIsDroppedByUnsubscribeAndTakenOnce) {
  const auto client = connect();
  client->send(subscribe(*client, "desk"));
  client->send(subscribe(*client, "desk"));
  EXPECT_EQ(received(*client), Messages{error_of("Existing subscription to channel desk")});
  client->send(unsubscribe("desk"));
  EXPECT_EQ(received(*client), Messages{});
  EXPECT_EQ(after_sign_in(*client, "7", "chief"), Messages{});
}

TEST_F(AccessRulesTest, OnlySoManyWait) {
  app_settings.access = *access::AccessTable::build({.roles = {"chief"}, .rules = {{"d-{n}", "chief", "", ""}}});
  const auto client = connect();
  for (std::size_t i = 0; i <= HeldSubscriptions::kMax; ++i) {
    client->send(subscribe(*client, "d-" + std::to_string(i)));
  }
  EXPECT_EQ(received(*client),
            Messages{error_of("Too many subscriptions wait for the sign-in of this connection: at most 100")});
  EXPECT_EQ(after_sign_in(*client, "7", "chief").size(), HeldSubscriptions::kMax);
}

TEST_F(AccessRulesTest, AReloadWithoutRulesLetsTheWaitingIn) {
  const auto client = connect();
  client->send(subscribe(*client, "desk"));
  auto without = std::make_shared<core::App>(*app);
  without->access = nullptr;
  client->session->on_app_changed(without);
  EXPECT_EQ(received(*client), Messages{succeeded("desk")});
}

class ClientEventRulesTest : public AccessRulesTest {
 protected:
  // What the sender is told, and the other subscriber gets.
  std::pair<Messages, std::size_t> sent_by(TestClient& sender, const std::string& channel) {
    const auto other = connect();
    const bool is_presence = channel.starts_with("presence-");
    other->send(is_presence ? subscribe(*other, channel, R"({"user_id":"o"})") : subscribe(*other, channel));
    (void)received(*other);
    (void)received(sender);
    sender.send(R"({"event":"client-e","channel":")" + channel + R"(","data":"1"})");
    Messages told = received(sender);
    return {std::move(told), received(*other).size()};
  }
};

TEST_F(ClientEventRulesTest, BeingSubscribedSufficesWhereTheRuleAsksNoMore) {
  const auto client = connect();
  client->send(subscribe(*client, "private-talk"));
  EXPECT_EQ(sent_by(*client, "private-talk"), std::pair(Messages{}, std::size_t{1}));
}

TEST_F(ClientEventRulesTest, ElseTheRoleOfTheSignInDecides) {
  const auto client = connect();
  client->send(subscribe(*client, "private-press"));
  EXPECT_EQ(sent_by(*client, "private-press"),
            std::pair(Messages{error_of("Client event rejected - needs role editor")}, std::size_t{0}));
  sign_in(*client, "7", "viewer");
  EXPECT_EQ(sent_by(*client, "private-press").second, 0U);
  sign_in(*client, "7", "editor");
  EXPECT_EQ(sent_by(*client, "private-press"), std::pair(Messages{}, std::size_t{1}));
}

TEST_F(ClientEventRulesTest, OrThatOfThePresenceSubscription) {
  const auto editor = connect();
  editor->send(subscribe(*editor, "presence-room", R"({"user_id":"1","user_info":{"role":"editor"}})"));
  EXPECT_EQ(sent_by(*editor, "presence-room").second, 1U);
  const auto viewer = connect();
  viewer->send(subscribe(*viewer, "presence-room", R"({"user_id":"2","user_info":{"role":"viewer"}})"));
  EXPECT_EQ(sent_by(*viewer, "presence-room"),
            std::pair(Messages{error_of("Client event rejected - needs role editor")}, std::size_t{0}));
  const auto both = connect();
  sign_in(*both, "3", "viewer");
  both->send(subscribe(*both, "presence-room", R"({"user_id":"3","user_info":{"role":"editor"}})"));
  EXPECT_EQ(sent_by(*both, "presence-room").second, 0U) << "the sign-in goes before";
}

TEST_F(ClientEventRulesTest, NobodyIsNobodyAndNoRuleIsNobody) {
  const auto client = connect();
  sign_in(*client, "7", "chief");
  client->send(subscribe(*client, "private-silent"));
  client->send(subscribe(*client, "private-other"));
  EXPECT_EQ(sent_by(*client, "private-silent").second, 0U);
  EXPECT_EQ(sent_by(*client, "private-other").second, 0U);
}

}  // namespace
}  // namespace fanfare::session
