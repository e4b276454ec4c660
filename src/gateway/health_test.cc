#include <gtest/gtest.h>

#include "gateway/gateway_test_support.h"
#include "gateway/health_probe.h"

namespace fanfare::gateway {
namespace {

class HealthTest : public GatewayTest {
 protected:
  TestAnswer health() { return ask("GET", "/health"); }
  TestAnswer status() { return ask("GET", "/health/pusher/status"); }
};

TEST_F(HealthTest, TellsUsersAndOccupiedChannels) {
  for (const char* name : {"b", "a", "private-x", "#server-to-user-7"}) backend().occupied[name] = {};
  EXPECT_EQ(health().body, R"({"status":"healthy","services":{"pusher":{"status":"healthy","connected_users":4,)"
                           R"("total_channels":3,"active_channels":["a","b","private-x"]}}})");
  EXPECT_EQ(status().body,
            R"({"success":true,"data":{"status":"healthy","connected_users":4,"total_channels":3,)"
            R"("active_channels":["a","b","private-x"],"rate_limit_remaining":100,"pusher_enabled":true}})");
}

TEST_F(HealthTest, AsksOnceASecond) {
  health();
  status();
  EXPECT_EQ(backend().channels_calls, 1);
  clock_.advance(std::chrono::milliseconds(1'001));
  health();
  EXPECT_EQ(backend().channels_calls, 2);
}

TEST_F(HealthTest, QuestionsAtTheSameTimeShareAnAnswer) {
  backend().holds_answers = true;
  httpd::TestClient first = connect();
  httpd::TestClient second = connect();
  first.send("GET /health HTTP/1.1\r\nHost: g\r\n\r\n");
  second.send("GET /health HTTP/1.1\r\nHost: g\r\n\r\n");
  ASSERT_TRUE(turn_until([&] { return server().stats().requests.value() == 2; }));
  ASSERT_EQ(backend().held.size(), 1U);
  backend().held[0]();
  EXPECT_TRUE(receive_answers(first, 1));
  EXPECT_TRUE(receive_answers(second, 1));
}

TEST_F(HealthTest, NamesOfClosedChannelsAreKeptWhereStrangersCanAsk) {
  gateway_options_.host = "0.0.0.0";
  for (const char* name : {"a", "private-x", "presence-y"}) backend().occupied[name] = {};
  EXPECT_NE(health().body.find(R"("total_channels":3,"active_channels":["a"])"), std::string::npos);
}

TEST_F(HealthTest, ASettingSaysWhichNamesAreTold) {
  using Names = std::vector<std::string>;
  for (const auto& [setting, expected] :
       {std::pair(ActiveChannels::kAll, Names{"a", "presence-y", "private-x"}),
        std::pair(ActiveChannels::kOpen, Names{"a"}), std::pair(ActiveChannels::kNone, Names{})}) {
    FakeBackend server;
    for (const char* name : {"a", "private-x", "presence-y", "#server-to-user-7"}) server.occupied[name] = {};
    HealthProbe probe(server, clock_, true, setting);
    HealthReport told;
    probe.ask([&](const HealthReport& report) { told = report; });
    EXPECT_EQ(told.active_channels, expected);
    EXPECT_EQ(told.total_channels, 3U) << "all are counted, whatever is told";
  }
}

TEST_F(HealthTest, NamesAreSortedAndAHundredAtMost) {
  for (int i = 0; i < 150; ++i) backend().occupied["c" + std::to_string(1000 + i)] = {};
  const std::string body = health().body;
  EXPECT_NE(body.find("\"total_channels\":150"), std::string::npos);
  EXPECT_NE(body.find("\"c1099\"]"), std::string::npos);
}

TEST_F(HealthTest, AServerThatIsAwayIsUnhealthy) {
  backend().failure = FakeBackend::error(sdk::ErrorKind::kUnavailable);
  const TestAnswer answer = health();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.body, R"({"status":"unhealthy","services":{"pusher":{"status":"unhealthy","connected_users":0,)"
                         R"("total_channels":0,"active_channels":[]}}})");
  const TestAnswer told = status();
  EXPECT_EQ(told.status, 200);
  EXPECT_NE(told.body.find(R"("reason":"the Channels server cannot be asked: unavailable")"), std::string::npos);
}

TEST_F(HealthTest, AServerThatDoesNotCountUsersIsAskedForItsPresenceChannels) {
  backend().users.reset();
  for (int i = 0; i < 25; ++i) backend().occupied["presence-" + std::to_string(100 + i)] = {};
  const std::string body = status().body;
  EXPECT_EQ(backend().asked_members.size(), HealthProbe::kUsersCallsMax);
  EXPECT_NE(body.find("\"connected_users\":2,"), std::string::npos) << body;
  EXPECT_NE(body.find("\"connected_users_partial\":true"), std::string::npos) << body;
  EXPECT_NE(body.find("\"status\":\"healthy\""), std::string::npos) << body;
}

TEST_F(HealthTest, WhatCannotBeCountedIsDegraded) {
  backend().users.reset();
  backend().occupied["presence-a"] = {};
  backend().members_failure = FakeBackend::error(sdk::ErrorKind::kTimeout);
  EXPECT_EQ(health().status, 503);
  EXPECT_NE(status().body.find(R"("reason":"members cannot be asked: timeout")"), std::string::npos);
}

TEST_F(HealthTest, SwitchedOffNobodyIsAsked) {
  gateway_options_.channels.enabled = false;
  EXPECT_EQ(health().status, 200);
  EXPECT_NE(status().body.find("\"status\":\"disabled\""), std::string::npos);
  EXPECT_NE(status().body.find("\"pusher_enabled\":false"), std::string::npos);
  EXPECT_EQ(backend().channels_calls, 0);
}

TEST_F(HealthTest, TellsWhatIsLeftOfTheTriggerLimit) {
  trigger(as("1", "service"), "a");
  trigger(as("1", "service"), "a");
  trigger(as("2", "service"), "a");
  EXPECT_NE(status().body.find("\"rate_limit_remaining\":98"), std::string::npos);
  clock_.advance(gateway_options_.limits.window);
  EXPECT_NE(status().body.find("\"rate_limit_remaining\":100"), std::string::npos);
}

}  // namespace
}  // namespace fanfare::gateway
