// SIGHUP: what a changed file does to a running server, and what it leaves alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class ReloadTest : public LoopsTest {
 protected:
  static TestApp second_app() { return {.id = "2", .key = "key-2", .secret = "secret-2"}; }
  std::uint16_t close_code_of(const TestApp& app) {
    WsClient client(server().port(), connect_target(app));
    return client.wait_closed().code;
  }
};

TEST_P(ReloadTest, ANewAppWorksAndOpenConnectionsStay) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  EXPECT_EQ(close_code_of(second_app()), 4001);
  server().reload({TestApp{}, second_app()});
  const auto newcomer = server().connect(1);
  newcomer->subscribe_and_wait("a");
  server().api(1).publish("a", "e", "2");
  server().api(0).publish("a", "e", "1");
  EXPECT_EQ(newcomer->next_text(), event_text("e", "a", "2"));
  EXPECT_EQ(client->next_text(), event_text("e", "a", "1"));
}

TEST_P(ReloadTest, TheConnectionsOfARemovedAppAreClosed) {
  start({TestApp{}, second_app()});
  const auto client = server().connect(0);
  const auto removed = server().connect(1);
  removed->subscribe_and_wait("a");
  removed->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  server().reload({TestApp{}});
  EXPECT_EQ(removed->wait_closed().code, 4001);
  EXPECT_EQ(client->unexpected(), "");
  EXPECT_EQ(ApiClient(server().port(), second_app()).get("/channels").status, 400);
  // It comes back as it was.
  server().reload({TestApp{}, second_app()});
  EXPECT_EQ(server().connect(1)->subscribe_and_wait("a"), subscription_succeeded("a"));
}

TEST_P(ReloadTest, ADisabledAppIsClosedWith4003) {
  const auto client = server().connect();
  server().reload({{.settings = "enabled = false"}});
  EXPECT_EQ(client->wait_closed().code, 4003);
  EXPECT_EQ(close_code_of(TestApp{}), 4003);
  EXPECT_EQ(server().api().get("/channels").status, 403);
}

TEST_P(ReloadTest, SwitchesAndLimitsChangeForOpenConnections) {
  const auto client = server().connect();
  const auto other = server().connect();
  client->subscribe_and_wait("private-a");
  other->subscribe_and_wait("private-a");
  client->trigger("client-e", "private-a", R"("1")");
  EXPECT_THAT(client->next_text(), HasSubstr("you must enable this feature"));
  EXPECT_EQ(server().api().post("/events", ApiClient::event_body("a", "e", "12345")).status, 200);
  server().reload({{.settings = "client_events = true", .limits = "event_data_bytes = 4\nconnections = 2"}});
  client->trigger("client-e", "private-a", R"("1")");
  EXPECT_EQ(other->next_text(), event_text("client-e", "private-a", "1"));
  EXPECT_EQ(server().api().post("/events", ApiClient::event_body("a", "e", "12345")).status, 413);
  EXPECT_EQ(close_code_of(TestApp{}), 4004);
}

TEST_P(ReloadTest, ADisabledKeyNoLongerSignsAndOpenConnectionsStay) {
  const TestApp fresh{.key = "new", .secret = "s2"};
  const auto client = server().connect();
  server().reload(
      {{.keys = R"([{ key = "app-key", secret = "app-secret", enabled = false }, { key = "new", secret = "s2" }])"}});
  EXPECT_EQ(client->unexpected(), "");
  client->subscribe("private-a");
  EXPECT_EQ(client->next_text(), error_text("Invalid key in subscription auth data: 'app-key'"));
  client->subscribe_with(fresh.channel_auth(client->socket_id(), "private-a"), "private-a");
  EXPECT_EQ(client->next_text(), subscription_succeeded("private-a"));
  EXPECT_EQ(close_code_of(TestApp{}), 4001);
  EXPECT_EQ(ApiClient(server().port(), fresh).get("/channels").status, 200);
}

TEST_P(ReloadTest, ABadFileChangesNothing) {
  const auto client = server().connect();
  for (const char* bad : {"[[apps]]\nid = ", "[nonsense]\nx = 1\n", "[server]\nport = \"word\"\n",
                          "[[apps]]\nid = \"1\"\nkeys = []\nunknown = true\n"}) {
    server().reload_text(bad);
    EXPECT_EQ(client->unexpected(), "") << bad;
    EXPECT_EQ(server().api().get("/channels").status, 200) << bad;
  }
  EXPECT_EQ(server().connect()->subscribe_and_wait("a"), subscription_succeeded("a"));
}

TEST_P(ReloadTest, WhatNeedsARestartIsLeftAlone) {
  const auto client = server().connect();
  const std::uint16_t port = server().port();
  server().reload_text(
      config_toml("host = \"127.0.0.2\"\nloops = 7\nmessage_bytes_max = 2000", {TestApp{}, second_app()}));
  EXPECT_EQ(server().port(), port);
  client->send_text(R"({"event":"pusher:pong","data":")" + std::string(3000, 'x') + R"("})");
  EXPECT_EQ(client->unexpected(), "");
  EXPECT_EQ(ApiClient(server().port(), second_app()).get("/channels").status, 200);
}

FANFARE_WITH_LOOPS(ReloadTest);

}  // namespace
}  // namespace fanfare::test
