// Apps: from the file and from the variables of Pusher's own libraries.
#include <gmock/gmock.h>

#include "config/config_test_support.h"

namespace fanfare::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AppsTest : public LoadTest {
 protected:
  static std::string app(const std::string& id, const std::string& keys) {
    return "[[apps]]\nid = \"" + id + "\"\nkeys = [" + keys + "]\n";
  }
};

TEST_F(AppsTest, SeveralPairsLetASecretRotate) {
  const Loaded loaded = must_load(inputs(
      app("a",
          "{ key = 'old', secret = 's1', enabled = false }, { key = 'new', secret = 's2' }, { key = 'next', secret = "
          "'s3' }")));
  const pusher::AppKeys& keys = loaded.config.apps.at(0).keys;
  ASSERT_EQ(keys.all().size(), 3U);
  EXPECT_EQ(keys.find_enabled("old"), nullptr);
  ASSERT_NE(keys.find("old"), nullptr);
  ASSERT_NE(keys.find_enabled("new"), nullptr);
  EXPECT_EQ(keys.find("new")->hmac.hex("text").view(), crypto::HmacKey("s2").hex("text").view());
  ASSERT_EQ(loaded.credentials.size(), 1U);
  EXPECT_EQ(loaded.credentials[0].key, "new");
  EXPECT_EQ(loaded.credentials[0].secret, "s2");
}

TEST_F(AppsTest, EverySwitchIsReachable) {
  const core::App app = must_load(inputs(R"(
[[apps]]
id = "a"
name = "An app"
enabled = false
keys = [{ key = "k", secret = "s" }]
watchlist = true
authorized_connections = true
cache_ttl_seconds = 7
terminate_close_code = 4010
subscription_error_events = true
client_event_objects = true
allow_missing_protocol = true
tls_only = true
compression = false
allowed_origins = ["https://example.com", "*.example.com", "*"]
slow_consumer = "drop_oldest"
idempotency_window_seconds = 8
kick_refuse_auth_seconds = 9
offline_delay_ms = 10
limits.presence_members = 11
)"))
                            .config.apps.at(0);
  EXPECT_EQ(app.name, "An app");
  EXPECT_FALSE(app.switches.enabled);
  EXPECT_TRUE(app.switches.watchlist && app.switches.authorized_connections && app.switches.subscription_error_events);
  EXPECT_TRUE(app.switches.client_event_objects && app.switches.allow_missing_protocol && app.switches.tls_only);
  EXPECT_FALSE(app.switches.compression);
  EXPECT_EQ(app.cache_ttl.count(), 7);
  EXPECT_EQ(app.terminate_close_code, 4010);
  EXPECT_THAT(app.allowed_origins, ElementsAre("https://example.com", "*.example.com", "*"));
  EXPECT_EQ(app.slow_consumer, core::SlowConsumerPolicy::kDropOldest);
  EXPECT_EQ(app.idempotency_window.count(), 8);
  EXPECT_EQ(app.kick_refuse_auth.count(), 9);
  EXPECT_EQ(app.offline_delay.count(), 10);
  EXPECT_EQ(app.limits.presence_members, 11U);
}

TEST_F(AppsTest, LimitsBelongToTheAppAboveThem) {
  const Loaded loaded =
      must_load(inputs(app("a", "{ key = 'k1', secret = 's' }") + "[apps.limits]\nconnections = 1\n" +
                       app("b", "{ key = 'k2', secret = 's' }") + "[apps.limits]\nconnections = 2\n"));
  EXPECT_EQ(loaded.config.apps.at(0).limits.connections, 1U);
  EXPECT_EQ(loaded.config.apps.at(1).limits.connections, 2U);
}

TEST_F(AppsTest, IdsAndKeysAreUniqueOverAllApps) {
  const std::string toml = app("a", "{ key = 'k', secret = 's' }") + app("a", "{ key = 'k', secret = 't' }");
  EXPECT_THAT(faults_of(inputs(toml)), ElementsAre("f.toml:5:1: id: \"a\" is that of another app, at f.toml:2:1",
                                                   "f.toml:6:9: key: \"k\" is there already, at f.toml:3:9"));
}

TEST_F(AppsTest, AnAppNeedsAnIdAndKeys) {
  EXPECT_THAT(faults_of(inputs("[[apps]]\n")), ElementsAre(HasSubstr("this app has no id"), HasSubstr("has no keys")));
  EXPECT_THAT(faults_of(inputs("[[apps]]\nid = 'a'\nkeys = []\n")),
              ElementsAre("f.toml:3:1: keys: expected 1 to 32 pairs, found 0"));
}

TEST_F(AppsTest, IdsAndKeysHaveOnlyCharactersThatTheirPlacesAllow) {
  EXPECT_THAT(
      faults_of(inputs(app("a/b", "{ key = 'k:1', secret = 's' }, { key = 'k 2', secret = 's' }"))),
      ElementsAre(HasSubstr("id: expected letters, digits"), HasSubstr("found \"k:1\""), HasSubstr("found \"k 2\"")));
}

TEST_F(AppsTest, WhatIsNoPairIsRefused) {
  EXPECT_THAT(
      faults_of(inputs(app("a", "1, { key = 2, secret = 's' }, { secret = 's' }, { key = 'k', sekret = 's' }"))),
      ElementsAre("f.toml:3:9: keys: expected a table { key, secret }, found an integer",
                  "f.toml:3:14: key: expected a string of 1 to 200 bytes on one line, found an integer",
                  "f.toml:3:39: keys: a pair without a key",
                  "f.toml:3:70: unknown key \"sekret\" in keys, did you mean \"secret\"?",
                  "f.toml:3:57: keys: a pair without a secret"));
}

TEST_F(AppsTest, AppsAreAnArrayOfTables) {
  EXPECT_THAT(faults_of(inputs("[apps]\nid = 'a'\n")),
              ElementsAre(HasSubstr("apps: expected [[apps]] (an array of tables), found a table")));
  EXPECT_THAT(faults_of(inputs("apps = [1]\n")), ElementsAre(HasSubstr("apps: expected a table, found an integer")));
  EXPECT_THAT(faults_of(inputs("[[apps]]\nlimits = 1\nid = 'a'\nkeys = 1\n")),
              ElementsAre(HasSubstr("limits: expected a table, found an integer"),
                          HasSubstr("keys: expected an array of { key, secret }, found an integer")));
}

TEST_F(AppsTest, AStarOfAnOriginStandsInFront) {
  EXPECT_THAT(faults_of(inputs("[[apps]]\nid = 'a'\nkeys = [{ key = 'k', secret = 's' }]\n"
                               "allowed_origins = ['https://*.x.com', '*.x.com', '*.*.com']\n")),
              ElementsAre(HasSubstr("f.toml:4:1: allowed_origins: "), HasSubstr("found \"*.*.com\"")));
}

TEST_F(AppsTest, NoMessageHasASecretInIt) {
  const std::string secret = "hunter2hunter2";
  const std::vector<std::string> files = {
      app("a", "{ key = 'k', secret = '" + secret + "', secret = 1 }"),
      app("a", "{ key = 'k', secret = \"" + secret + "\\u0007\" }"),
      app("a", "{ key = 'k', secret = ['" + secret + "'] }"),
      app("a", "{ key = 'k', secret = " + secret + " }"),
      app("a", "{ key = 'k', secret = 999999999999999999999999 }"),
      app("a", "{ key = 'k', secret = '" + secret + "' }, { key = 'k', secret = '" + secret + "' }"),
  };
  for (const std::string& toml : files) {
    const auto faults = faults_of(inputs(toml));
    EXPECT_FALSE(faults.empty()) << toml;
    for (const std::string& fault : faults) {
      EXPECT_THAT(fault, testing::Not(testing::AnyOf(HasSubstr("hunter2"), HasSubstr("99999")))) << toml;
    }
  }
}

TEST_F(AppsTest, ThePusherVariablesMakeAnApp) {
  for (const auto& [key, secret] :
       {std::pair("PUSHER_KEY", "PUSHER_SECRET"), {"PUSHER_APP_KEY", "PUSHER_APP_SECRET"}}) {
    const Loaded loaded = must_load(inputs("", {{"PUSHER_APP_ID", "7"}, {key, "k"}, {secret, "s"}}));
    ASSERT_EQ(loaded.config.apps.size(), 1U);
    EXPECT_EQ(loaded.config.apps[0].id, "7");
    EXPECT_NE(loaded.config.apps[0].keys.find_enabled("k"), nullptr);
    EXPECT_EQ(loaded.credentials.at(0).secret, "s");
    EXPECT_EQ(loaded.origins.at("apps[0].keys"), key);
  }
}

TEST_F(AppsTest, ThePusherVariablesGiveKeysToTheAppThatHasNone) {
  const Loaded loaded = must_load(inputs("[[apps]]\nid = '7'\nclient_events = true\n",
                                         {{"PUSHER_APP_ID", "7"}, {"PUSHER_KEY", "k"}, {"PUSHER_SECRET", "s"}}));
  ASSERT_EQ(loaded.config.apps.size(), 1U);
  EXPECT_TRUE(loaded.config.apps[0].switches.client_events);
  EXPECT_NE(loaded.config.apps[0].keys.find("k"), nullptr);
}

TEST_F(AppsTest, HalfAPusherAppIsAFault) {
  EXPECT_THAT(faults_of(inputs("", {{"PUSHER_APP_ID", "7"}, {"PUSHER_KEY", "k"}, {"PUSHER_SECRET", ""}})),
              ElementsAre(HasSubstr("PUSHER_SECRET: not set or empty")));
  EXPECT_THAT(faults_of(inputs("", {{"PUSHER_APP_ID", ""}, {"PUSHER_KEY", ""}})), IsEmpty());
}

TEST_F(AppsTest, PusherVariablesThatDisagreeAreAFault) {
  EXPECT_THAT(
      faults_of(inputs(
          "", {{"PUSHER_APP_ID", "7"}, {"PUSHER_KEY", "k"}, {"PUSHER_APP_KEY", "other"}, {"PUSHER_SECRET", "s"}})),
      ElementsAre("PUSHER_KEY: differs from PUSHER_APP_KEY, which means the same"));
}

TEST_F(AppsTest, APusherAppThatTheFileHasToo) {
  EXPECT_THAT(faults_of(inputs(app("7", "{ key = 'a', secret = 's' }"),
                               {{"PUSHER_APP_ID", "7"}, {"PUSHER_KEY", "k"}, {"PUSHER_SECRET", "s"}})),
              ElementsAre("PUSHER_APP_ID: id: \"7\" is that of another app, at f.toml:2:1"));
}

}  // namespace
}  // namespace fanfare::config
