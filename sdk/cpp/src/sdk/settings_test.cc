#include "sdk/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Options complete() { return {.app_id = "1", .key = "k", .secret = "very-secret"}; }

std::string base_url(const Options& options) { return check_options(options)->base_url; }

TEST(SdkSettingsTest, TheAddressFollowsFromHostClusterAndTls) {
  Options options = complete();
  EXPECT_EQ(base_url(options), "https://api-mt1.pusher.com:443");
  options.cluster = "eu";
  EXPECT_EQ(base_url(options), "https://api-eu.pusher.com:443");
  options.host = "127.0.0.1";
  options.use_tls = false;
  EXPECT_EQ(base_url(options), "http://127.0.0.1:80");
  options.port = 6001;
  EXPECT_EQ(base_url(options), "http://127.0.0.1:6001");
  options.host = "::1";
  EXPECT_EQ(base_url(options), "http://[::1]:6001");
  options.host = "[::1]";
  EXPECT_EQ(base_url(options), "http://[::1]:6001");
}

TEST(SdkSettingsTest, OnlyPushersOwnHostsAreTakenForTheHostedService) {
  for (const char* host : {"api-eu.pusher.com", "API.PUSHERAPP.COM", "pusher.com"}) EXPECT_TRUE(is_hosted_pusher(host));
  for (const char* host : {"127.0.0.1", "mypusher.com", "pusher.com.example.org", "api.pusher.co"}) {
    EXPECT_FALSE(is_hosted_pusher(host)) << host;
  }
  Options options = complete();
  EXPECT_FALSE(check_options(options)->is_fanfare);
  options.server = ServerKind::kFanfare;
  EXPECT_TRUE(check_options(options)->is_fanfare);
  options.server = ServerKind::kAutomatic;
  options.host = "localhost";
  EXPECT_TRUE(check_options(options)->is_fanfare);
  options.server = ServerKind::kHostedPusher;
  EXPECT_FALSE(check_options(options)->is_fanfare);
}

TEST(SdkSettingsTest, EveryFaultIsNamedAndNoSecret) {
  Options options{.secret = "very-secret", .host = "http://h"};
  options.encryption_master_key_base64 = "c2VjcmV0";
  options.request_timeout = std::chrono::milliseconds{0};
  options.retry.attempts_max = 0;
  const auto settings = check_options(options);
  ASSERT_FALSE(settings.ok());
  EXPECT_EQ(settings.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(
      settings.error().message,
      AllOf(HasSubstr("PUSHER_APP_ID"), HasSubstr("PUSHER_KEY"), HasSubstr("PUSHER_HOST"), HasSubstr("master key"),
            HasSubstr("request_timeout"), HasSubstr("attempts_max"), Not(HasSubstr("PUSHER_SECRET"))));
  EXPECT_THAT(settings.error().message, AllOf(Not(HasSubstr("very-secret")), Not(HasSubstr("c2Vj"))));
}

TEST(SdkSettingsTest, HostsClustersAndIdsCannotBreakOutOfTheUrl) {
  for (const char* host : {"h/x", "u@h", "h?x", "h#x", "h x", "h\r\n"}) {
    Options options = complete();
    options.host = host;
    EXPECT_FALSE(check_options(options).ok()) << host;
  }
  for (const char* cluster : {"eu.evil.com/", "eu/", "e u", "eu.evil"}) {
    Options options = complete();
    options.cluster = cluster;
    EXPECT_FALSE(check_options(options).ok()) << cluster;
  }
  for (const char* id : {"1/2", "1\n", "\xFF"}) {
    Options options = complete();
    options.app_id = id;
    EXPECT_FALSE(check_options(options).ok()) << id;
  }
  Options options = complete();
  options.key = "a:b";
  EXPECT_FALSE(check_options(options).ok());
}

TEST(SdkSettingsTest, WhoDoesNotPublishNeedsNoCredentials) {
  EXPECT_TRUE(check_options({.enabled = false}).ok());
  EXPECT_FALSE(check_options({}).ok());
}

TEST(SdkSettingsTest, UrlPathsKeepWhatASegmentMayHold) {
  std::string path;
  append_url_path(path, "/apps/1/channels/a-Z0_9=@,.;/x y?#%ë");
  EXPECT_EQ(path, "/apps/1/channels/a-Z0_9=@,.;/x%20y%3F%23%25%C3%AB");
}

}  // namespace
}  // namespace fanfare::sdk
