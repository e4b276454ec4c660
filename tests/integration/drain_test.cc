// SIGTERM: not ready, no new connections, open ones closed with 4200, a share at a time.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

class DrainTest : public LoopsTest {
 protected:
  // Until the listeners are closed.
  void drain_and_wait_for_listeners() {
    server().server().begin_drain();
    wait_until("nothing listens", [&] {
      try {
        const TestSocket socket(server().port());
        return false;
      } catch (const std::runtime_error&) {
        return true;
      }
    });
  }
};

TEST_P(DrainTest, EveryClientIsClosedWith4200AndThenAllIsGone) {
  start({TestApp{}}, "drain_seconds = 0");
  std::vector<std::unique_ptr<PusherClient>> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(server().connect());
    clients.back()->subscribe_and_wait("presence-a", R"({"user_id":")" + std::to_string(i) + R"("})");
  }
  EXPECT_FALSE(server().server().is_drained());
  drain_and_wait_for_listeners();
  for (const auto& client : clients) {
    const WsClosed closed = client->wait_closed();
    EXPECT_EQ(closed.code, 4200);
    EXPECT_EQ(closed.reason, "Please reconnect immediately");
  }
  wait_until("the server is drained", [&] { return server().server().is_drained(); });
  server().wait_idle();
}

TEST_P(DrainTest, NotReadyFromTheFirstMomentAndStillAlive) {
  const HttpResponse before = server().metrics_client().get("/ready");
  EXPECT_EQ(before.status, 200);
  const auto client = server().connect();
  server().server().begin_drain();
  const HttpResponse response = server().metrics_client().get("/ready");
  EXPECT_EQ(response.status, 503);
  EXPECT_THAT(response.body, testing::StartsWith("draining"));
  EXPECT_EQ(server().metrics_client().get("/live").status, 200);
}

TEST_P(DrainTest, ClientsAreClosedAShareAtATime) {
  start({TestApp{}}, "drain_seconds = 600");
  std::vector<std::unique_ptr<PusherClient>> clients;
  for (int i = 0; i < 120; ++i) clients.push_back(server().connect());
  server().server().begin_drain();
  wait_until("the first one is closed", [&] {
    return std::any_of(clients.begin(), clients.end(),
                       [](const auto& client) { return client->socket().is_readable(); });
  });
  EXPECT_GT(server().metric("fanfare_session_connections"), 60);
  // Who waits, the last to come, is served as before.
  EXPECT_EQ(clients.back()->subscribe_and_wait("a"), subscription_succeeded("a"));
}

TEST_P(DrainTest, ARequestUnderWayIsAnsweredAndItsConnectionClosed) {
  ApiClient api = server().api();
  ApiClient idle = server().api();
  EXPECT_EQ(idle.get("/channels").status, 200);
  const std::string body = ApiClient::event_body("a", "e", "1");
  const std::string request = HttpClient::request_text("POST", api.signed_target("POST", "/apps/1/events", body), body);
  api.publish("a", "e", "1");
  api.http().socket().send(request.substr(0, request.size() - 1));
  const double received = static_cast<double>(request.size());
  wait_until("the server has seen the beginning",
             [&] { return server().metric("fanfare_net_received_bytes_total") > 2 * received - 50; });
  drain_and_wait_for_listeners();
  EXPECT_TRUE(idle.http().ends_quietly());
  api.http().socket().send(request.substr(request.size() - 1));
  const HttpResponse response = api.http().read_response();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("Connection"), "close");
  EXPECT_TRUE(api.http().ends_quietly());
}

TEST_P(DrainTest, StoppingCutsWhoIsStillThere) {
  start({TestApp{}}, "drain_seconds = 600");
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  server().server().stop();
  EXPECT_NO_THROW(client->wait_closed());
}

FANFARE_WITH_LOOPS(DrainTest);

}  // namespace
}  // namespace fanfare::test
