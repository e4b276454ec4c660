// Idempotency-Key: a repeated publish is answered as the first was, and publishes nothing.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::StartsWith;

class IdempotencyTest : public LoopsTest {
 protected:
  HttpResponse post(const std::string& key, std::string_view data, std::string_view path = "/events") {
    const std::string event = ApiClient::event_body("a", "e", data);
    const std::string body = path == "/events" ? event : R"({"batch":[)" + event + "]}";
    return server().api().post(path, body, {{"Idempotency-Key", key}});
  }
};

TEST_P(IdempotencyTest, ARepeatPublishesNothing) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  EXPECT_EQ(post("k1", "1").body, "{}");
  EXPECT_EQ(post("k1", "1").body, "{}");
  EXPECT_EQ(post("k1", "1", "/batch_events").body, "{}");
  EXPECT_EQ(post("k2", "2").body, "{}");
  EXPECT_EQ(client->next_text(), event_text("e", "a", "1"));
  EXPECT_EQ(client->next_text(), event_text("e", "a", "2"));
  EXPECT_EQ(client->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_api_idempotent_repeats_total"), 2);
}

TEST_P(IdempotencyTest, ARefusalIsRepeatedToo) {
  const HttpResponse first = post("k1", std::string(10'241, 'x'));
  EXPECT_EQ(first.status, 413);
  const HttpResponse second = post("k1", "1");
  EXPECT_EQ(second.status, 413);
  EXPECT_EQ(second.body, first.body);
}

TEST_P(IdempotencyTest, InfoIsRepeatedAsItWas) {
  start({{.settings = "subscription_count = true"}});
  const auto client = server().connect();
  const std::string body = ApiClient::event_body("a", "e", "1", R"(,"info":"subscription_count")");
  const auto publish = [&] { return server().api().post("/events", body, {{"Idempotency-Key", "k"}}).body; };
  EXPECT_EQ(publish(), R"({"channels":{"a":{"subscription_count":0}}})");
  client->subscribe_and_wait("a");
  EXPECT_EQ(publish(), R"({"channels":{"a":{"subscription_count":0}}})");
}

TEST_P(IdempotencyTest, OfManyAtTheSameTimeOnePublishes) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  std::vector<std::thread> threads;
  std::atomic<int> answered{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      ApiClient api = server().api();
      for (int key = 0; key < 10; ++key) {
        const std::string number = std::to_string(key);
        const HttpResponse response =
            api.post("/events", ApiClient::event_body("a", "e", number), {{"Idempotency-Key", "key-" + number}});
        answered += response.status == 200 ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered, 80);
  std::vector<std::string> received;
  std::vector<std::string> expected;
  for (int key = 0; key < 10; ++key) {
    received.push_back(client->next_text());
    expected.push_back(event_text("e", "a", std::to_string(key)));
  }
  EXPECT_THAT(received, testing::UnorderedElementsAreArray(expected));
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(IdempotencyTest, TheWindowEnds) {
  start({{.settings = "idempotency_window_seconds = 1"}});
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  post("k1", "1");
  wait_until("the key is forgotten", [&] {
    post("k1", "2");
    return server().metric("fanfare_api_events_total") == 2;
  });
  EXPECT_EQ(client->next_text(), event_text("e", "a", "1"));
  EXPECT_EQ(client->next_text(), event_text("e", "a", "2"));
}

TEST_P(IdempotencyTest, KeysAreTheAppsOwnAndNotTooLong) {
  start({TestApp{}, {.id = "2", .key = "key-2"}});
  const auto other = server().connect(1);
  other->subscribe_and_wait("a");
  post("k1", "1");
  EXPECT_EQ(server().api(1).post("/events", ApiClient::event_body("a", "e", "2"), {{"Idempotency-Key", "k1"}}).body,
            "{}");
  EXPECT_EQ(other->next_text(), event_text("e", "a", "2"));
  EXPECT_EQ(post(std::string(255, 'k'), "1").status, 200);
  const HttpResponse response = post(std::string(256, 'k'), "1");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, StartsWith("Idempotency-Key has 256 bytes"));
}

FANFARE_WITH_LOOPS(IdempotencyTest);

}  // namespace
}  // namespace fanfare::test
