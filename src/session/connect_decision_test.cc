#include "session/connect_decision.h"

#include <gtest/gtest.h>

#include "ws/utf8.h"

namespace fanfare::session {
namespace {

using pusher::AppKey;

class ConnectDecisionTest : public testing::Test {
 protected:
  ConnectDecisionTest() {
    app_.id = "1";
    app_.keys = pusher::AppKeys({AppKey("key", "secret"), AppKey("old-key", "secret", false)});
  }

  ConnectDecision decide(std::string_view path, std::string_view query, std::string_view origin = {},
                         bool tls = false) const {
    const core::AppTable table({app_}, core::AppTable());
    return decide_connect({path, query, origin, tls}, table, state_);
  }
  std::uint16_t code_of(std::string_view path, std::string_view query) const { return decide(path, query).close_code; }

  core::App app_;
  ServerState state_;
};

TEST_F(ConnectDecisionTest, WelcomesAKnownKeyWithAProtocolFromFourToSeven) {
  for (const int protocol : {4, 5, 6, 7}) {
    const ConnectDecision decision = decide("/app/key", "client=js&protocol=" + std::to_string(protocol));
    EXPECT_TRUE(decision.is_welcome());
    EXPECT_EQ(decision.protocol, protocol);
    EXPECT_EQ(decision.app->id, "1");
  }
}

TEST_F(ConnectDecisionTest, APathMayHaveAPrefixAndAnEncodedKey) {
  EXPECT_TRUE(decide("/proxied/app/key", "protocol=7").is_welcome());
  EXPECT_TRUE(decide("/app/%6Bey", "protocol=7").is_welcome());
}

TEST_F(ConnectDecisionTest, AnyOtherPathIs4005EvenWithoutAProtocol) {
  for (const std::string_view path : {"/", "", "/app", "/app/", "/apps/key", "/app/key/more", "/app/%zz", "key"}) {
    EXPECT_EQ(code_of(path, ""), 4005) << path;
  }
  EXPECT_EQ(decide("/", "protocol=7").close_reason, "Path not found");
}

TEST_F(ConnectDecisionTest, AMissingProtocolIs4008UnlessTheAppIsLenient) {
  EXPECT_EQ(code_of("/app/key", "client=js"), 4008);
  EXPECT_EQ(code_of("/app/unknown", ""), 4008);
  EXPECT_EQ(decide("/app/key", "").protocol, 0);
  app_.switches.allow_missing_protocol = true;
  const ConnectDecision decision = decide("/app/key", "client=js");
  EXPECT_TRUE(decision.is_welcome());
  EXPECT_EQ(decision.protocol, 7);
}

TEST_F(ConnectDecisionTest, AProtocolThatIsNoIntegerIs4006EvenWhereLenient) {
  app_.switches.allow_missing_protocol = true;
  for (const std::string_view query : {"protocol=", "protocol=seven", "protocol=7.0", "protocol=-7", "protocol=7x",
                                       "protocol=%207", "protocol=99999999999999"}) {
    EXPECT_EQ(code_of("/app/key", query), 4006) << query;
    EXPECT_TRUE(decide("/app/key", query).wants_error_event());
  }
}

TEST_F(ConnectDecisionTest, AnUnsupportedProtocolIs4007AndANewerOneIsForLenientApps) {
  EXPECT_EQ(code_of("/app/key", "protocol=3"), 4007);
  EXPECT_EQ(code_of("/app/key", "protocol=8"), 4007);
  EXPECT_EQ(code_of("/app/unknown", "protocol=3"), 4007);
  app_.switches.allow_missing_protocol = true;
  EXPECT_EQ(code_of("/app/key", "protocol=3"), 4007);
  EXPECT_TRUE(decide("/app/key", "protocol=8").is_welcome());
}

TEST_F(ConnectDecisionTest, AnUnknownOrDisabledKeyIs4001AndNamed) {
  const ConnectDecision decision = decide("/app/other", "protocol=7");
  EXPECT_EQ(decision.close_code, 4001);
  EXPECT_EQ(decision.close_reason, "App key other not in this cluster. Did you forget to specify the cluster?");
  EXPECT_EQ(decision.app, nullptr);
  EXPECT_EQ(code_of("/app/old-key", "protocol=7"), 4001);
}

TEST_F(ConnectDecisionTest, TheReasonOf4001IsUtf8AndKeepsItsMessageWhateverTheKey) {
  const std::string long_key(3000, 'k');
  for (const std::string& key : {std::string("%ff%fe"), std::string("\xff\xfe"), std::string("caf\xc3"),
                                 std::string("%00"), long_key, "%ff" + long_key}) {
    const ConnectDecision decision = decide("/app/" + key, "protocol=7");
    EXPECT_EQ(decision.close_code, 4001);
    EXPECT_TRUE(ws::is_valid_utf8(as_bytes(decision.close_reason))) << key;
    EXPECT_LE(decision.close_reason.size(), 123U) << key;
    EXPECT_TRUE(decision.close_reason.ends_with("Did you forget to specify the cluster?")) << key;
  }
}

TEST_F(ConnectDecisionTest, TheAppsOwnRulesComeInTheTablesOrder) {
  app_.switches.enabled = false;
  app_.switches.tls_only = true;
  app_.allowed_origins = {"https://example.com"};
  state_ = {true, true};
  const auto next = [&] { return decide("/app/key", "protocol=7", "https://evil.test").close_code; };
  EXPECT_EQ(next(), 4003);
  app_.switches.enabled = true;
  EXPECT_EQ(next(), 4000);
  EXPECT_EQ(decide("/app/key", "protocol=7", "https://example.com", true).close_code, 4200);
  app_.switches.tls_only = false;
  EXPECT_EQ(next(), 4009);
  EXPECT_EQ(decide("/app/key", "protocol=7", "https://evil.test").close_reason, "Origin not allowed");
  app_.allowed_origins.clear();
  EXPECT_EQ(next(), 4200);
  state_.draining = false;
  EXPECT_EQ(next(), 4100);
  state_.full = false;
  EXPECT_EQ(next(), 0);
}

TEST_F(ConnectDecisionTest, ClientsBeforeProtocolSevenGetAnErrorEvent) {
  EXPECT_TRUE(decide("/app/key", "").wants_error_event());
  EXPECT_TRUE(decide("/app/key", "protocol=5").wants_error_event());
  EXPECT_FALSE(decide("/app/key", "protocol=7").wants_error_event());
}

TEST(OriginTest, NoListAllowsAnyAndAListOnlyItsOwn) {
  EXPECT_TRUE(is_origin_allowed({}, ""));
  EXPECT_TRUE(is_origin_allowed({}, "https://any.test"));
  EXPECT_TRUE(is_origin_allowed({"*"}, "https://any.test"));
  const std::vector<std::string> allowed{"https://one.test", "two.test", "*.example.com"};
  for (const std::string_view origin : {"https://one.test", "http://two.test", "https://two.test:8443",
                                        "https://a.example.com", "https://a.b.example.com:444"}) {
    EXPECT_TRUE(is_origin_allowed(allowed, origin)) << origin;
  }
  for (const std::string_view origin : {"", "null", "http://one.test", "https://one.test.evil", "https://example.com",
                                        "https://evilexample.com", "https://.example.com.evil"}) {
    EXPECT_FALSE(is_origin_allowed(allowed, origin)) << origin;
  }
}

// Browsers send the host in lower case whatever the page's address looked like; people who configure do not.
TEST(OriginTest, TheCaseOfAHostDoesNotCount) {
  EXPECT_TRUE(is_origin_allowed({"Two.Test", "*.Example.com", "https://One.test"}, "https://two.test"));
  EXPECT_TRUE(is_origin_allowed({"*.Example.com"}, "https://a.example.com"));
  EXPECT_TRUE(is_origin_allowed({"https://One.test"}, "https://one.test"));
}

TEST(OriginTest, AnAddressOfVersionSixIsOneHost) {
  EXPECT_TRUE(is_origin_allowed({"[::1]"}, "http://[::1]:3000"));
  EXPECT_FALSE(is_origin_allowed({"[::1]"}, "http://[::2]:3000"));
}

}  // namespace
}  // namespace fanfare::session
