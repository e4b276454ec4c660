// Connections by the thousand: opened and dropped, half open, reset. Nothing of them is left afterwards.
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hostile_server.h"

namespace fanfare::test {
namespace {

class HostileSocketsTest : public HostileTest {
 protected:
  std::string upgrade_request() {
    return ws::ClientHandshake({.host = "h", .target = connect_target(server().app())}, {}).request_text();
  }
};

TEST_P(HostileSocketsTest, ThousandsOpenedAndDropped) {
  const std::string request = upgrade_request();
  for (int round = 0; round < 10; ++round) {
    std::vector<TestSocket> sockets;
    for (int i = 0; i < 200; ++i) {
      sockets.emplace_back(server().port());
      // Silent ones, half a request, a whole one whose answer nobody reads.
      if (i % 3 != 0) sockets.back().send(request.substr(0, i % 3 == 1 ? 40 : request.size()));
      if (i % 2 == 0) sockets.back().reset();
    }
    expect_others_unharmed();
  }
}

TEST_P(HostileSocketsTest, SubscribersThatVanishWithAReset) {
  const std::string subscribe = WsClient::frame({}, R"({"event":"pusher:subscribe","data":{"channel":"a"}})");
  ApiClient api = server().api();
  for (int i = 0; i < 100; ++i) {
    const auto client = server().connect();
    client->socket().send(subscribe);
    if (i % 2 == 0) client->next_text();
    api.publish("a", "e", "1");
    client->socket().reset();
  }
  api.publish("a", "e", "1");
  expect_others_unharmed();
}

TEST_P(HostileSocketsTest, HalfOpenClientsAreServedAndThenGone) {
  // The client has ended its side and still reads: requests are answered, a WebSocket is ended.
  HttpClient http(server().port());
  http.socket().send(HttpClient::request_text("GET", "/nothing", ""));
  http.socket().end();
  EXPECT_EQ(http.read_response().status, 404);
  EXPECT_TRUE(http.ends_quietly());
  TestSocket socket(server().port());
  socket.send(upgrade_request());
  socket.end();
  std::string bytes;
  while (socket.receive(bytes)) {
  }
  EXPECT_THAT(bytes, testing::StartsWith("HTTP/1.1 101"));
  expect_others_unharmed();
}

TEST_P(HostileSocketsTest, GoneBeforeTheAnswerOfAnotherLoop) {
  const std::string target = "/channels";
  for (int i = 0; i < 200; ++i) {
    ApiClient api = server().api();
    api.http().socket().send(HttpClient::request_text("GET", api.signed_target("GET", api.path(target), ""), ""));
    if (i % 2 == 0) api.http().socket().reset();
  }
  expect_others_unharmed();
}

TEST_P(HostileSocketsTest, ManyAttackersAtTheSameTime) {
  std::vector<std::thread> attackers;
  for (unsigned attacker = 0; attacker < 4; ++attacker) {
    attackers.emplace_back([this, attacker] {
      for (int i = 0; i < 60; ++i) {
        PusherClient client(server().port(), server().app());
        client.subscribe("shared");
        client.subscribe("presence-shared", R"({"user_id":")" + std::to_string(attacker) + R"("})");
        client.sign_in(R"({"id":"user-)" + std::to_string(i % 5) + R"("})");
        client.trigger("client-e", "presence-shared", "1");
        if (i % 3 == 0) client.unsubscribe("shared");
        if (i % 3 == 1) {
          client.socket().reset();
        } else if (i % 5 == 0) {
          client.close();
        }
      }
    });
  }
  ApiClient api = server().api();
  for (int i = 0; i < 100; ++i) {
    api.publish("presence-shared", "e", "1");
    EXPECT_EQ(api.post("/users/user-1/terminate_connections", "{}").status, 200);
    EXPECT_EQ(api.get("/channels/presence-shared/users").status, 200);
  }
  for (std::thread& attacker : attackers) attacker.join();
  expect_others_unharmed();
}

FANFARE_WITH_LOOPS(HostileSocketsTest);

}  // namespace
}  // namespace fanfare::test
