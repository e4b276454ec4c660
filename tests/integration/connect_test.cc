// Who gets in, what is said first, and how a refusal is delivered: the decision table of REF 1.3.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

constexpr const char* kUnknownKey = "App key nobody not in this cluster. Did you forget to specify the cluster?";

std::vector<TestApp> apps() {
  return {
      TestApp{},
      {.id = "2", .key = "disabled", .settings = "enabled = false"},
      {.id = "3", .key = "tls", .settings = "tls_only = true"},
      {.id = "4", .key = "lenient", .settings = "allow_missing_protocol = true"},
      {.id = "5", .key = "origins", .settings = R"(allowed_origins = ["https://shop.example", "*.trusted.example"])"},
      {.id = "6", .key = "a=key@example"},
      {.id = "7", .keys = R"([{ key = "old", secret = "s1" }, { key = "new", secret = "s2" },
                              { key = "gone", secret = "s3", enabled = false }])"},
  };
}

class ConnectTest : public LoopsTest {
 protected:
  ConnectTest() { start(apps()); }

  WsClosed refused(const std::string& target, const WsOptions& options = {}) {
    WsClient client(server().port(), target, options);
    return client.wait_closed();
  }
  std::string first_text(const std::string& target, const WsOptions& options = {}) {
    WsClient client(server().port(), target, options);
    return client.next_text();
  }
  static testing::Matcher<std::string> is_established() {
    return MatchesRegex(
        R"(\{"event":"pusher:connection_established","data":"\{\\"socket_id\\":\\"[1-9][0-9]*\.(0|[1-9][0-9]*)\\",\\"activity_timeout\\":120\}"\})");
  }
};

// A path that the decision refuses, and what it closes with.
struct Refusal {
  const char* name;
  const char* target;
  std::uint16_t code;
  const char* reason;
};

class ConnectRefusalTest : public testing::TestWithParam<Refusal> {};

TEST_P(ConnectRefusalTest, ClosesWithTheCodeOfTheTable) {
  const TestServer server({.apps = apps()});
  const Refusal& refusal = GetParam();
  WsClient client(server.port(), refusal.target);
  const WsClosed closed = client.wait_closed();
  EXPECT_EQ(closed.code, refusal.code);
  EXPECT_EQ(closed.reason, refusal.reason);
  // Who speaks protocol 7 gets the close frame only; older ones, and who does not say, the event too. Source: REF 1.4
  const bool is_new = std::string_view(refusal.target).find("protocol=7") != std::string_view::npos;
  if (is_new) {
    EXPECT_TRUE(closed.texts.empty());
  } else {
    EXPECT_EQ(closed.texts, std::vector<std::string>{error_text(refusal.code, refusal.reason)});
  }
  EXPECT_EQ(server.metric("fanfare_session_refused_total", "code=\"" + std::to_string(refusal.code) + '"'), 1);
  EXPECT_EQ(server.metric("fanfare_session_established_total"), 0);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ConnectRefusalTest,
    testing::Values(Refusal{"path", "/nothing/here?protocol=7", 4005, "Path not found"},
                    Refusal{"path_without_key", "/app/?protocol=7", 4005, "Path not found"},
                    Refusal{"path_apps", "/apps/app-key?protocol=7", 4005, "Path not found"},
                    Refusal{"path_before_version", "/nothing", 4005, "Path not found"},
                    Refusal{"no_protocol", "/app/app-key", 4008, "No protocol version supplied"},
                    Refusal{"no_protocol_unknown_key", "/app/nobody", 4008, "No protocol version supplied"},
                    Refusal{"protocol_word", "/app/app-key?protocol=seven", 4006, "Invalid version string format"},
                    Refusal{"protocol_empty", "/app/app-key?protocol=", 4006, "Invalid version string format"},
                    Refusal{"protocol_fraction", "/app/app-key?protocol=5.1", 4006, "Invalid version string format"},
                    Refusal{"protocol_negative", "/app/app-key?protocol=-1", 4006, "Invalid version string format"},
                    Refusal{"protocol_huge", "/app/app-key?protocol=99999999999", 4006,
                            "Invalid version string format"},
                    Refusal{"protocol_3", "/app/app-key?protocol=3", 4007, "Unsupported protocol version"},
                    Refusal{"unknown_key_7", "/app/nobody?protocol=7", 4001, kUnknownKey},
                    Refusal{"unknown_key_6", "/app/nobody?protocol=6", 4001, kUnknownKey},
                    Refusal{"unknown_key_5", "/app/nobody?protocol=5", 4001, kUnknownKey},
                    Refusal{"key_case", "/app/APP-KEY?protocol=7", 4001,
                            "App key APP-KEY not in this cluster. Did you forget to specify the cluster?"},
                    Refusal{"disabled_key", "/app/gone?protocol=7", 4001,
                            "App key gone not in this cluster. Did you forget to specify the cluster?"},
                    Refusal{"app_disabled", "/app/disabled?protocol=7", 4003, "Application disabled"},
                    Refusal{"app_disabled_5", "/app/disabled?protocol=5", 4003, "Application disabled"},
                    Refusal{"tls_only", "/app/tls?protocol=7", 4000,
                            "Application only accepts SSL connections, reconnect using wss://"}),
    [](const auto& refusal) { return std::string(refusal.param.name); });

TEST_P(ConnectTest, GreetsWithSocketIdAndActivityTimeout) {
  EXPECT_THAT(first_text("/app/app-key?protocol=7&client=js&version=8.6.0&flash=false"), is_established());
}

TEST_P(ConnectTest, ServesProtocols4To7) {
  for (const char* protocol : {"4", "5", "6", "7"}) {
    EXPECT_THAT(first_text(std::string("/app/app-key?protocol=") + protocol), is_established()) << protocol;
  }
}

TEST_P(ConnectTest, AVersionBeyondSevenIsRefusedUnlessTheAppIsLenient) {
  EXPECT_EQ(refused("/app/app-key?protocol=8").code, 4007);
  EXPECT_THAT(first_text("/app/lenient?protocol=8"), is_established());
}

TEST_P(ConnectTest, ALenientAppTakesClientsThatNameNoVersion) {
  EXPECT_THAT(first_text("/app/lenient"), is_established());
}

TEST_P(ConnectTest, APrefixMayPrecedeThePath) {
  EXPECT_THAT(first_text("/some/deep/prefix/app/app-key?protocol=7"), is_established());
}

TEST_P(ConnectTest, TheKeyIsPercentDecoded) {
  EXPECT_THAT(first_text("/app/a%3Dkey%40example?protocol=7"), is_established());
  EXPECT_THAT(first_text("/app/a=key@example?protocol=7"), is_established());
}

TEST_P(ConnectTest, EveryEnabledKeyOfAnAppConnects) {
  EXPECT_THAT(first_text("/app/old?protocol=7"), is_established());
  EXPECT_THAT(first_text("/app/new?protocol=7"), is_established());
}

TEST_P(ConnectTest, OriginsOfTheListOnly) {
  const auto with = [](std::string_view origin) {
    return WsOptions{.subprotocol = {}, .headers = {{"Origin", origin}}};
  };
  const std::string target = "/app/origins?protocol=7";
  EXPECT_THAT(first_text(target, with("https://shop.example")), is_established());
  EXPECT_THAT(first_text(target, with("https://a.trusted.example:8443")), is_established());
  for (const char* origin : {"https://evil.example", "https://shop.example.evil.example", "http://shop.example",
                             "https://trusted.example", "https://eviltrusted.example", "null"}) {
    const WsClosed closed = refused(target, with(origin));
    EXPECT_EQ(closed.code, 4009) << origin;
    EXPECT_EQ(closed.reason, "Origin not allowed");
  }
  EXPECT_EQ(refused(target).code, 4009) << "no Origin at all";
}

TEST_P(ConnectTest, AnOfferedSubprotocolIsEchoedAndNoOtherIsSent) {
  const std::string target = "/app/app-key?protocol=7";
  const WsClient swift(server().port(), target, {.subprotocol = "pusher-channels-protocol-7", .headers = {}});
  EXPECT_THAT(swift.response_head(), HasSubstr("Sec-WebSocket-Protocol: pusher-channels-protocol-7\r\n"));
  const WsClient plain(server().port(), target);
  EXPECT_THAT(plain.response_head(), Not(HasSubstr("Sec-WebSocket-Protocol")));
}

TEST_P(ConnectTest, ACompressionOfferIsIgnored) {
  const WsClient client(server().port(), "/app/app-key?protocol=7",
                        {.subprotocol = {}, .headers = {{"Sec-WebSocket-Extensions", "permessage-deflate"}}});
  EXPECT_THAT(client.response_head(), Not(HasSubstr("Sec-WebSocket-Extensions")));
}

TEST_P(ConnectTest, SocketIdsAreUnique) {
  std::vector<std::unique_ptr<PusherClient>> clients;
  std::set<std::string> ids;
  for (int i = 0; i < 60; ++i) {
    clients.push_back(server().connect());
    ids.insert(clients.back()->socket_id());
  }
  // Ids of connections that are gone do not come back at once.
  clients.clear();
  for (int i = 0; i < 60; ++i) {
    clients.push_back(server().connect());
    ids.insert(clients.back()->socket_id());
  }
  EXPECT_EQ(ids.size(), 120U);
}

TEST_P(ConnectTest, ACloseHandshakeOfTheClientIsAnsweredWithItsCode) {
  const auto client = server().connect();
  EXPECT_EQ(client->close(1001).code, 1001);
  server().wait_idle();
  EXPECT_EQ(server().metric("fanfare_session_closed_by_client_total"), 1);
}

TEST_P(ConnectTest, APlainRequestForAClientsPathIsNotAnUpgrade) {
  HttpClient client(server().port());
  EXPECT_EQ(client.get("/app/app-key?protocol=7").status, 404);
}

TEST_P(ConnectTest, AnUpgradeThatIsNoWebSocketIsAnsweredOverHttp) {
  HttpClient old(server().port());
  const HttpResponse response = old.get("/app/app-key?protocol=7", {{"Connection", "Upgrade"},
                                                                    {"Upgrade", "websocket"},
                                                                    {"Sec-WebSocket-Version", "8"},
                                                                    {"Sec-WebSocket-Key", "AQIDBAUGBwgJCgsMDQ4PEA=="}});
  EXPECT_EQ(response.status, 426);
  EXPECT_EQ(response.header("Sec-WebSocket-Version"), "13");
  HttpClient keyless(server().port());
  EXPECT_EQ(keyless
                .get("/app/app-key?protocol=7",
                     {{"Connection", "Upgrade"}, {"Upgrade", "websocket"}, {"Sec-WebSocket-Version", "13"}})
                .status,
            400);
}

FANFARE_WITH_LOOPS(ConnectTest);

}  // namespace
}  // namespace fanfare::test
