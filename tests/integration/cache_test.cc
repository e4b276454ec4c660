// Cache channels: the last event of the HTTP API, for whoever comes later. Source: REF 3.9
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class CacheTest : public LoopsTest {};

TEST_P(CacheTest, TheLastEventFollowsTheSubscription) {
  ApiClient api = server().api();
  for (const char* channel : {"cache-a", "private-cache-a", "private-encrypted-cache-a"}) {
    api.publish(channel, "tick", "1");
    api.publish(channel, "tock", R"({"p":2})");
    const auto client = server().connect();
    EXPECT_EQ(client->subscribe_and_wait(channel), subscription_succeeded(channel));
    EXPECT_EQ(client->next_text(), event_text("tock", channel, R"({"p":2})"));
    EXPECT_EQ(client->unexpected(), "");
  }
}

TEST_P(CacheTest, ItOutlivesTheSubscribersAndIsNotAMatterOfExclusion) {
  const auto sender = server().connect();
  sender->subscribe_and_wait("cache-a");
  EXPECT_EQ(sender->next_text(), cache_miss("cache-a"));
  server().api().publish("cache-a", "e", "1", sender->socket_id());
  EXPECT_EQ(sender->unexpected(), "");
  sender->unsubscribe("cache-a");
  wait_until("the channel is empty", [&] { return server().metric("fanfare_core_channels") == 0; });
  EXPECT_EQ(sender->subscribe_and_wait("cache-a"), subscription_succeeded("cache-a"));
  EXPECT_EQ(sender->next_text(), event_text("e", "cache-a", "1"));
}

TEST_P(CacheTest, ClientEventsAreNotKept) {
  start({{.settings = "client_events = true"}});
  const auto sender = server().connect();
  const auto receiver = server().connect();
  for (const auto& client : {sender.get(), receiver.get()}) {
    client->subscribe_and_wait("private-cache-a");
    EXPECT_EQ(client->next_text(), cache_miss("private-cache-a"));
  }
  sender->trigger("client-e", "private-cache-a", R"("1")");
  EXPECT_EQ(receiver->next_text(), event_text("client-e", "private-cache-a", "1"));
  const auto late = server().connect();
  late->subscribe_and_wait("private-cache-a");
  EXPECT_EQ(late->next_text(), cache_miss("private-cache-a"));
}

TEST_P(CacheTest, ItExpires) {
  start({{.settings = "cache_ttl_seconds = 1"}});
  ApiClient api = server().api();
  api.publish("cache-a", "e", "1");
  wait_until("the event expires", [&] {
    return api.get("/channels/cache-a", {{"info", "cache"}}).body == R"({"occupied":false,"cache":null})";
  });
  const auto client = server().connect();
  EXPECT_EQ(client->subscribe_and_wait("cache-a"), subscription_succeeded("cache-a"));
  EXPECT_EQ(client->next_text(), cache_miss("cache-a"));
}

TEST_P(CacheTest, TheApiShowsIt) {
  ApiClient api = server().api();
  EXPECT_EQ(api.get("/channels/cache-a", {{"info", "cache"}}).body, R"({"occupied":false,"cache":null})");
  api.publish("cache-a", "e", R"({"p":"ü"})");
  EXPECT_THAT(
      api.get("/channels/cache-a", {{"info", "cache"}}).body,
      testing::MatchesRegex(R"(\{"occupied":false,"cache":\{"data":"\{\\"p\\":\\"ü\\"\}","ttl":1[78][0-9][0-9]\}\})"));
  EXPECT_EQ(api.get("/channels").body, R"({"channels":{}})");
}

TEST_P(CacheTest, APublishMeanwhileIsNeitherLostNorBeforeTheCachedOne) {
  ApiClient api = server().api();
  api.publish("cache-race", "e", "0");
  std::vector<std::unique_ptr<PusherClient>> clients;
  for (int i = 1; i <= 30; ++i) {
    clients.push_back(server().connect());
    clients.back()->subscribe("cache-race");
    api.publish("cache-race", "e", std::to_string(i));
  }
  for (const auto& client : clients) {
    EXPECT_EQ(client->next_text(), subscription_succeeded("cache-race"));
    std::string text = client->next_text();
    for (int next = -1; text != event_text("e", "cache-race", "30"); text = client->next_text()) {
      const int number = std::stoi(text.substr(text.rfind(":\"") + 2));
      EXPECT_TRUE(next < 0 || number == next) << number << " instead of " << next;
      next = number + 1;
    }
  }
}

FANFARE_WITH_LOOPS(CacheTest);

}  // namespace
}  // namespace fanfare::test
