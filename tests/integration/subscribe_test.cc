// Subscribing and unsubscribing, for every kind of channel. Source: REF 3
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class SubscribeTest : public LoopsTest {};

TEST_P(SubscribeTest, EveryKindOfChannelDeliversWhatIsPublished) {
  ApiClient api = server().api();
  for (const char* channel : {"orders", "private-orders", "private-encrypted-orders", "privatefoo", "my-private-x",
                              "presence", "cachefoo", "a_b-c=d@e,f.g;h"}) {
    const auto client = server().connect();
    EXPECT_EQ(client->subscribe_and_wait(channel), subscription_succeeded(channel));
    api.publish(channel, "order.created", R"({"n":"é\n"})");
    EXPECT_EQ(client->next_text(), event_text("order.created", channel, R"({"n":"é\n"})"));
    EXPECT_EQ(client->unexpected(), "");
  }
}

TEST_P(SubscribeTest, CacheKindsSayCacheMissRightBehind) {
  for (const char* channel : {"cache-a", "private-cache-a", "private-encrypted-cache-a"}) {
    const auto client = server().connect();
    EXPECT_EQ(client->subscribe_and_wait(channel), subscription_succeeded(channel));
    EXPECT_EQ(client->next_text(), cache_miss(channel));
  }
  const auto client = server().connect();
  EXPECT_THAT(client->subscribe_and_wait("presence-cache-a", R"({"user_id":"a"})"),
              HasSubstr("subscription_succeeded"));
  EXPECT_EQ(client->next_text(), cache_miss("presence-cache-a"));
}

TEST_P(SubscribeTest, ManyChannelsOnOneConnectionAreAnsweredEachOnce) {
  const auto client = server().connect();
  std::vector<std::string> expected;
  std::vector<std::string> answers;
  for (int i = 0; i < 200; ++i) {
    client->subscribe("many-" + std::to_string(i));
    expected.push_back(subscription_succeeded("many-" + std::to_string(i)));
  }
  for (int i = 0; i < 200; ++i) answers.push_back(client->next_text());
  EXPECT_THAT(answers, testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(client->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_core_subscriptions"), 200);
}

TEST_P(SubscribeTest, BadAuthIsRefusedAndTheConnectionStays) {
  const auto client = server().connect();
  const auto refused = [&](std::string_view auth) {
    client->subscribe_with(auth, "private-x");
    return client->next_text();
  };
  EXPECT_EQ(refused(""), error_text("Auth info required to subscribe to private-x"));
  EXPECT_EQ(refused("no-colon"), error_text("Invalid format: auth must have the format key:signature"));
  EXPECT_EQ(refused("other:00"), error_text("Invalid key in subscription auth data: 'other'"));
  EXPECT_EQ(refused("app-key:00"), error_text("Invalid signature: Expected HMAC SHA256 hex digest of " +
                                              client->socket_id() + ":private-x, but got 00"));
  // The auth of another connection.
  const auto other = server().connect();
  EXPECT_THAT(refused(server().app().channel_auth(other->socket_id(), "private-x")), HasSubstr("Invalid signature"));
  client->send_text(R"({"event":"pusher:subscribe","data":{"channel":"private-x"}})");
  EXPECT_EQ(client->next_text(), error_text("Auth info required to subscribe to private-x"));
  EXPECT_EQ(client->subscribe_and_wait("private-x"), subscription_succeeded("private-x"));
}

TEST_P(SubscribeTest, ChannelDataOfAPrivateChannelIsSignedEvenWhenEmpty) {
  const auto client = server().connect();
  EXPECT_EQ(client->subscribe_and_wait("private-a", ""), subscription_succeeded("private-a"));
  EXPECT_EQ(client->subscribe_and_wait("private-b", R"({"any":"thing"})"), subscription_succeeded("private-b"));
  client->subscribe_with(server().app().channel_auth(client->socket_id(), "private-c"), "private-c", "");
  EXPECT_THAT(client->next_text(), HasSubstr("private-c:, but got"));
}

TEST_P(SubscribeTest, NamesThatNoChannelCanHaveAreRefused) {
  const auto client = server().connect();
  for (const std::string& name : {std::string(), std::string("a b"), std::string("a:b"), std::string("ä"),
                                  std::string("#x"), std::string("a/b"), std::string(165, 'x')}) {
    EXPECT_THAT(client->subscribe_and_wait(name), HasSubstr("Invalid channel name")) << name;
  }
  const std::string longest(164, 'x');
  EXPECT_EQ(client->subscribe_and_wait(longest), subscription_succeeded(longest));
}

TEST_P(SubscribeTest, CommandsMayBeDoubleEncodedAndIncomplete) {
  const auto client = server().connect();
  client->send_text(R"({"event":"pusher:subscribe","data":"{\"channel\":\"news\"}"})");
  EXPECT_EQ(client->next_text(), subscription_succeeded("news"));
  for (const char* message : {R"({"event":"pusher:subscribe"})", R"({"event":"pusher:subscribe","data":{"channel":7}})",
                              R"({"event":"pusher:unsubscribe","data":{}})"}) {
    client->send_text(message);
    EXPECT_EQ(client->next_text(), error_text("Missing parameter: data.channel")) << message;
  }
  client->send_text(R"({"event":"pusher:nonsense","data":{}})");
  EXPECT_EQ(client->next_text(), error_text("Unsupported event received on socket: pusher:nonsense"));
  client->send_text("not JSON");
  EXPECT_THAT(client->next_text(), HasSubstr("Invalid event"));
  client->send_frame({ws::Opcode::kBinary, true, 0}, R"({"event":"pusher:subscribe","data":{"channel":"binary"}})");
  EXPECT_EQ(client->next_text(), subscription_succeeded("binary"));
}

TEST_P(SubscribeTest, ADuplicateIsRefusedAndTheFirstStays) {
  const auto client = server().connect();
  client->subscribe_and_wait("orders");
  EXPECT_EQ(client->subscribe_and_wait("orders"), error_text("Existing subscription to channel orders"));
  server().api().publish("orders", "e", "1");
  EXPECT_EQ(client->next_text(), event_text("e", "orders", "1"));
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(SubscribeTest, UnsubscribingIsSilentAndEndsDelivery) {
  const auto client = server().connect();
  const auto other = server().connect();
  client->subscribe_and_wait("orders");
  other->subscribe_and_wait("orders");
  client->unsubscribe("orders");
  EXPECT_EQ(client->unexpected(), "");
  server().api().publish("orders", "e", "1");
  EXPECT_EQ(other->next_text(), event_text("e", "orders", "1"));
  EXPECT_EQ(client->unexpected(), "");
  client->unsubscribe("orders");
  EXPECT_EQ(client->next_text(), error_text("No current subscription to channel orders, or subscription in progress"));
  EXPECT_EQ(client->subscribe_and_wait("orders"), subscription_succeeded("orders"));
}

TEST_P(SubscribeTest, CommandsInOneWriteKeepTheirOrder) {
  const auto client = server().connect();
  std::string commands;
  for (int i = 0; i < 50; ++i) {
    commands += WsClient::frame({}, R"({"event":"pusher:subscribe","data":{"channel":"flip"}})");
    commands += WsClient::frame({}, R"({"event":"pusher:unsubscribe","data":{"channel":"flip"}})");
  }
  client->socket().send(commands);
  // Whatever was answered meanwhile, the last word was unsubscribe.
  client->subscribe("done");
  for (std::string text = client->next_text(); text != subscription_succeeded("done"); text = client->next_text()) {
    EXPECT_EQ(text, subscription_succeeded("flip"));
  }
  client->unsubscribe("flip");
  EXPECT_THAT(client->next_text(), HasSubstr("No current subscription to channel flip"));
  EXPECT_EQ(client->subscribe_and_wait("flip"), subscription_succeeded("flip"));
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(SubscribeTest, SubscriptionErrorEventsWhereTheAppWantsThem) {
  start({{.settings = "subscription_error_events = true"}});
  const auto client = server().connect();
  client->subscribe_with("", "private-x");
  const std::string message = "Auth info required to subscribe to private-x";
  EXPECT_EQ(client->next_text(), error_text(message));
  EXPECT_EQ(client->next_text(), R"({"event":"pusher:subscription_error","channel":"private-x","data":)"
                                 R"({"type":"AuthError","error":")" +
                                     message + R"(","status":401}})");
}

TEST_P(SubscribeTest, TheSubscriptionsOfAConnectionAreLimited) {
  start({{.limits = "subscriptions_per_connection = 2"}});
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  client->subscribe_and_wait("b");
  EXPECT_EQ(client->subscribe_and_wait("c"), error_text("Too many subscriptions on this connection: at most 2"));
  client->unsubscribe("a");
  EXPECT_EQ(client->subscribe_and_wait("c"), subscription_succeeded("c"));
}

TEST_P(SubscribeTest, SubscriptionCountsGoToEverySubscriberButNotOnPresence) {
  start({{.settings = "subscription_count = true"}});
  const auto first = server().connect();
  EXPECT_EQ(first->subscribe_and_wait("orders"), subscription_succeeded("orders"));
  EXPECT_EQ(first->next_text(), subscription_count("orders", 1));
  {
    const auto second = server().connect();
    EXPECT_EQ(second->subscribe_and_wait("orders"), subscription_succeeded("orders"));
    EXPECT_EQ(second->next_text(), subscription_count("orders", 2));
    EXPECT_EQ(first->next_text(), subscription_count("orders", 2));
  }
  EXPECT_EQ(first->next_text(), subscription_count("orders", 1));
  first->subscribe_and_wait("presence-x", R"({"user_id":"a"})");
  EXPECT_EQ(first->unexpected(), "");
}

TEST_P(SubscribeTest, SubscriptionCountsOfLargeChannelsAreThrottled) {
  start({{.settings = "subscription_count = true"}},
        "subscription_count_immediate_max = 2\nsubscription_count_interval_ms = 200");
  std::vector<std::unique_ptr<PusherClient>> clients;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(server().connect());
    EXPECT_EQ(clients.back()->subscribe_and_wait("big"), subscription_succeeded("big"));
  }
  // The first one sees the small counts at once and the last one in the end, and never a wrong order.
  std::vector<std::string> seen;
  do {
    seen.push_back(clients.front()->next_text());
    ASSERT_THAT(seen.back(), StartsWith(R"({"event":"pusher_internal:subscription_count")"));
  } while (seen.back() != subscription_count("big", 12));
  EXPECT_EQ(seen[0], subscription_count("big", 1));
  EXPECT_EQ(seen[1], subscription_count("big", 2));
}

TEST_P(SubscribeTest, ClosingEndsAllSubscriptions) {
  {
    const auto client = server().connect();
    for (int i = 0; i < 20; ++i) client->subscribe_and_wait("c" + std::to_string(i));
    client->subscribe_and_wait("presence-x", R"({"user_id":"a"})");
    client->subscribe("pending");  // the answer is not waited for
  }
  server().wait_idle();
}

FANFARE_WITH_LOOPS(SubscribeTest);

}  // namespace
}  // namespace fanfare::test
