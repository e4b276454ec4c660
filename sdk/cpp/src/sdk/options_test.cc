#include "fanfare/options.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Result<Options> from(const std::map<std::string, std::string>& variables) {
  return Options::from_variables([&variables](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

TEST(SdkOptionsTest, AnEmptyEnvironmentGivesTheDefaults) {
  const auto options = from({});
  ASSERT_TRUE(options.ok());
  EXPECT_TRUE(options->enabled);
  EXPECT_TRUE(options->use_tls);
  EXPECT_FALSE(options->port.has_value());
  EXPECT_TRUE(options->app_id.empty());
}

TEST(SdkOptionsTest, EveryVariableIsRead) {
  const auto options = from({{"PUSHER_APP_ID", "1"},
                             {"PUSHER_KEY", "k"},
                             {"PUSHER_SECRET", "s"},
                             {"PUSHER_CLUSTER", "eu"},
                             {"PUSHER_SSL", "false"},
                             {"PUSHER_HOST", "127.0.0.1"},
                             {"PUSHER_PORT", "6001"},
                             {"PUSHER_ENABLED", "no"},
                             {"PUSHER_ENCRYPTION_MASTER_KEY_BASE64", "AAEC"}});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->app_id, "1");
  EXPECT_EQ(options->key, "k");
  EXPECT_EQ(options->secret, "s");
  EXPECT_EQ(options->cluster, "eu");
  EXPECT_FALSE(options->use_tls);
  EXPECT_EQ(options->host, "127.0.0.1");
  EXPECT_EQ(options->port, 6001);
  EXPECT_FALSE(options->enabled);
  EXPECT_EQ(options->encryption_master_key_base64, "AAEC");
}

TEST(SdkOptionsTest, TheOtherNamesOfKeyAndSecretAreReadToo) {
  const auto options = from({{"PUSHER_APP_KEY", "k"}, {"PUSHER_APP_SECRET", "s"}, {"PUSHER_KEY", ""}});
  EXPECT_EQ(options->key, "k");
  EXPECT_EQ(options->secret, "s");
}

TEST(SdkOptionsTest, BooleansAreReadInAllTheirSpellings) {
  for (const char* yes : {"true", "1", "YES", "On"}) EXPECT_TRUE(from({{"PUSHER_SSL", yes}})->use_tls) << yes;
  for (const char* no : {"false", "0", "No", "OFF"}) EXPECT_FALSE(from({{"PUSHER_SSL", no}})->use_tls) << no;
  EXPECT_TRUE(from({{"PUSHER_ENABLED", ""}})->enabled);
}

TEST(SdkOptionsTest, NonsenseIsRefusedByNameAndAllAtOnce) {
  const auto options = from({{"PUSHER_SSL", "maybe"}, {"PUSHER_ENABLED", "2"}, {"PUSHER_PORT", "70000"}});
  ASSERT_FALSE(options.ok());
  EXPECT_THAT(options.error().message,
              AllOf(HasSubstr("PUSHER_SSL"), HasSubstr("PUSHER_ENABLED"), HasSubstr("PUSHER_PORT")));
  for (const char* port : {"0", "-1", "65536", "80x", "x", " 80"}) {
    EXPECT_FALSE(from({{"PUSHER_PORT", port}}).ok()) << port;
  }
}

TEST(SdkOptionsTest, AUrlHoldsEverything) {
  const auto options = Options::from_url("https://k%3Ay:s%2Fe@api-eu.pusher.com:8443/apps/42/");
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->key, "k:y");
  EXPECT_EQ(options->secret, "s/e");
  EXPECT_EQ(options->host, "api-eu.pusher.com");
  EXPECT_EQ(options->port, 8443);
  EXPECT_TRUE(options->use_tls);
  EXPECT_EQ(options->app_id, "42");
}

TEST(SdkOptionsTest, AUrlMayNameAnAddressAndAnyAppId) {
  const auto options = Options::from_url("HTTP://k:s@[::1]:6001/apps/my-app?x=1#y");
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->host, "::1");
  EXPECT_EQ(options->port, 6001);
  EXPECT_FALSE(options->use_tls);
  EXPECT_EQ(options->app_id, "my-app");
  EXPECT_FALSE(Options::from_url("http://k:s@h/apps/1")->port.has_value());
}

TEST(SdkOptionsTest, ABrokenUrlIsRefusedWithoutItsSecret) {
  for (const char* url :
       {"", "k:hidden@h/apps/1", "ftp://k:hidden@h/apps/1", "https://h/apps/1", "https://k@h/apps/1",
        "https://:hidden@h/apps/1", "https://k:@h/apps/1", "https://k:hidden@/apps/1", "https://k:hidden@h",
        "https://k:hidden@h/", "https://k:hidden@h/apps/", "https://k:hidden@h/app/1", "https://k:hidden@h/x/apps/1",
        "https://k:hidden@h/apps/1/2", "https://k:hidden@h:0/apps/1", "https://k:hidden@h:x/apps/1",
        "https://k:hidden@[::1/apps/1", "https://k:hidden@[::1]6001/apps/1"}) {
    const auto options = Options::from_url(url);
    ASSERT_FALSE(options.ok()) << url;
    EXPECT_EQ(options.error().kind, ErrorKind::kInvalid);
    EXPECT_THAT(options.error().message, Not(HasSubstr("hidden")));
  }
}

TEST(SdkOptionsTest, PusherUrlStandsForTheVariablesThatItHolds) {
  const auto options =
      from({{"PUSHER_URL", "http://k:s@h:81/apps/1"}, {"PUSHER_KEY", "k"}, {"PUSHER_ENABLED", "false"}});
  ASSERT_TRUE(options.ok()) << options.error().message;
  EXPECT_EQ(options->host, "h");
  EXPECT_FALSE(options->enabled);
}

TEST(SdkOptionsTest, AVariableThatContradictsPusherUrlIsRefused) {
  const std::string url = "http://k:s@h:81/apps/1";
  for (const auto& [name, value] : std::map<std::string, std::string>{{"PUSHER_KEY", "other"},
                                                                      {"PUSHER_SECRET", "other"},
                                                                      {"PUSHER_APP_ID", "2"},
                                                                      {"PUSHER_HOST", "g"},
                                                                      {"PUSHER_PORT", "80"},
                                                                      {"PUSHER_SSL", "true"}}) {
    const auto options = from({{"PUSHER_URL", url}, {name, value}});
    ASSERT_FALSE(options.ok()) << name;
    EXPECT_THAT(options.error().message, AllOf(HasSubstr(name), HasSubstr("PUSHER_URL"), Not(HasSubstr("other"))));
  }
  EXPECT_FALSE(from({{"PUSHER_URL", "nonsense"}}).ok());
}

}  // namespace
}  // namespace fanfare::sdk
