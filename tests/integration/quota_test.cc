// How many connections an app, an address and the process may have.
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

class QuotaTest : public LoopsTest {
 protected:
  WsClosed refused(std::size_t app = 0, int protocol = 7) {
    WsClient client(server().port(), connect_target(server().app(app), protocol));
    return client.wait_closed();
  }
  void close_and_wait(std::unique_ptr<PusherClient> client) {
    const double before = server().metric("fanfare_session_connections");
    client.reset();
    wait_until("the place is free", [&] { return server().metric("fanfare_session_connections") < before; });
  }
};

TEST_P(QuotaTest, OverTheAppsConnectionsIs4004AndAPlaceComesBack) {
  start({{.limits = "connections = 2"}, {.id = "2", .key = "other"}});
  auto first = server().connect();
  const auto second = server().connect();
  EXPECT_EQ(refused().code, 4004);
  EXPECT_EQ(refused().reason, "Account over quota");
  EXPECT_EQ(refused(0, 5).texts, std::vector<std::string>{error_text(4004, "Account over quota")});
  const auto of_other_app = server().connect(1);  // which has its own
  close_and_wait(std::move(first));
  const auto third = server().connect();
  EXPECT_EQ(refused().code, 4004);
  EXPECT_EQ(second->unexpected(), "");
}

TEST_P(QuotaTest, OverAnAddresssConnectionsIs4100) {
  start({{.limits = "connections_per_address = 1"}});
  auto first = server().connect();
  EXPECT_EQ(refused().code, 4100);
  EXPECT_EQ(refused().reason, "Too many connections from this address");
  close_and_wait(std::move(first));
  const auto second = server().connect();
}

TEST_P(QuotaTest, AFullProcessRefusesClientsWith4100AndGoesOnServingTheApi) {
  start({TestApp{}}, "connections_max = 2");
  auto first = server().connect();
  const auto second = server().connect();
  first->subscribe_and_wait("news");
  EXPECT_EQ(refused().code, 4100);
  server().api().publish("news", "e", "1");
  EXPECT_EQ(first->next_text(), event_text("e", "news", "1"));
  close_and_wait(std::move(first));
  const auto third = server().connect();
}

FANFARE_WITH_LOOPS(QuotaTest);

}  // namespace
}  // namespace fanfare::test
