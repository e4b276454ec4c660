// Large and concurrent fan-outs: one order for everybody, whoever comes and goes meanwhile.
#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using Clients = std::vector<std::unique_ptr<PusherClient>>;

// The number that an event carries; -1: it is another message.
int number_of(const std::string& text) {
  if (!text.starts_with(R"({"event":"e")")) return -1;
  return std::stoi(text.substr(text.rfind(":\"") + 2));
}

class FanOutTest : public LoopsTest {
 protected:
  // 10 writes a turn: one event takes many turns.
  FanOutTest() { start({TestApp{}}, "fan_out_slice_writes = 10"); }

  Clients subscribers(int count, const std::string& channel) {
    Clients clients;
    for (int i = 0; i < count; ++i) {
      clients.push_back(server().connect());
      clients.back()->subscribe(channel);
    }
    for (const auto& client : clients) EXPECT_EQ(client->next_text(), subscription_succeeded(channel));
    return clients;
  }
};

TEST_P(FanOutTest, EverySubscriberSeesEveryEventInOrder) {
  const Clients clients = subscribers(300, "big");
  ApiClient api = server().api();
  for (int i = 0; i < 30; ++i) api.publish("big", "e", std::to_string(i));
  for (const auto& client : clients) {
    for (int i = 0; i < 30; ++i) ASSERT_EQ(client->next_text(), event_text("e", "big", std::to_string(i)));
  }
}

TEST_P(FanOutTest, WhoComesMeanwhileMissesNothingAfterItsSubscription) {
  const Clients early = subscribers(150, "big");
  Clients late;
  ApiClient api = server().api();
  for (int i = 0; i < 60; ++i) {
    api.publish("big", "e", std::to_string(i));
    late.push_back(server().connect());
    late.back()->subscribe("big");
  }
  for (const auto& client : late) ASSERT_EQ(client->next_text(), subscription_succeeded("big"));
  api.publish("big", "e", "60");
  for (std::size_t i = 0; i < late.size(); ++i) {
    int expected = number_of(late[i]->next_text());
    EXPECT_GT(expected, 0);
    while (expected != 60) ASSERT_EQ(number_of(late[i]->next_text()), ++expected);
  }
  for (const auto& client : early) {
    for (int i = 0; i <= 60; ++i) ASSERT_EQ(number_of(client->next_text()), i);
  }
}

TEST_P(FanOutTest, WhoGoesMeanwhileGetsAWholeBeginningAndNothingLater) {
  Clients clients = subscribers(200, "big");
  auto api = std::make_unique<ApiClient>(server().api());
  for (int i = 0; i < 40; ++i) {
    api->publish("big", "e", std::to_string(i));
    const auto leaver = static_cast<std::size_t>(i);
    if (i % 2 == 0) {
      clients[leaver]->unsubscribe("big");
    } else {
      clients[leaver].reset();
    }
  }
  for (std::size_t leaver = 0; leaver < 40; leaver += 2) {
    // All that is between here and the pong is a beginning of the events.
    clients[leaver]->send_text(R"({"event":"pusher:ping"})");
    int expected = 0;
    for (std::string text = clients[leaver]->next_text(); number_of(text) >= 0; text = clients[leaver]->next_text()) {
      ASSERT_EQ(number_of(text), expected++);
    }
    EXPECT_EQ(clients[leaver]->unexpected(), "");
  }
  for (std::size_t i = 40; i < clients.size(); ++i) {
    for (int number = 0; number < 40; ++number) ASSERT_EQ(number_of(clients[i]->next_text()), number);
  }
  clients.clear();
  api.reset();
  server().wait_idle();
}

TEST_P(FanOutTest, AHugeChannelDoesNotHoldUpASmallOne) {
  const Clients big = subscribers(300, "big");
  const Clients small = subscribers(2, "small");
  ApiClient api = server().api();
  for (int i = 0; i < 50; ++i) {
    api.publish("big", "e", std::to_string(i));
    api.publish("small", "e", std::to_string(i));
  }
  for (const auto& client : small) {
    for (int i = 0; i < 50; ++i) ASSERT_EQ(number_of(client->next_text()), i);
  }
  for (const auto& client : big) {
    for (int i = 0; i < 50; ++i) ASSERT_EQ(number_of(client->next_text()), i);
  }
}

FANFARE_WITH_LOOPS(FanOutTest);

// Published by several backends at once, over connections of all loops.
TEST(TotalOrderTest, AllSubscribersOfAChannelSeeOneOrder) {
  constexpr int kPublishers = 4;
  constexpr int kEvents = 100;
  const TestServer server(
      {.loops = 4, .apps = {{.settings = "client_events = true", .limits = "client_events_per_second = 0"}}});
  Clients clients;
  for (int i = 0; i < 16; ++i) {
    clients.push_back(server.connect());
    clients.back()->subscribe_and_wait("private-a");
  }
  const auto sender = server.connect();
  sender->subscribe_and_wait("private-a");
  std::vector<std::thread> publishers;
  for (int publisher = 0; publisher < kPublishers; ++publisher) {
    publishers.emplace_back([&server, publisher] {
      ApiClient api = server.api();
      for (int i = 0; i < kEvents; ++i) api.publish("private-a", "e", std::to_string(publisher * 1000 + i));
    });
  }
  for (int i = 0; i < kEvents; ++i) sender->trigger("client-e", "private-a", json_string(std::to_string(i)));
  for (std::thread& thread : publishers) thread.join();

  std::vector<std::string> order;
  std::vector<int> next(kPublishers, 0);
  for (int i = 0; i < (kPublishers + 1) * kEvents; ++i) {
    order.push_back(clients.front()->next_text());
    const int number = number_of(order.back());
    if (number < 0) continue;
    EXPECT_EQ(number % 1000, next[static_cast<std::size_t>(number / 1000)]++) << "of publisher " << number / 1000;
  }
  for (std::size_t i = 1; i < clients.size(); ++i) {
    for (const std::string& expected : order) ASSERT_EQ(clients[i]->next_text(), expected) << "subscriber " << i;
  }
}

}  // namespace
}  // namespace fanfare::test
