#include "server/banner.h"

#include <gtest/gtest.h>

namespace fanfare::server {
namespace {

config::Loaded loaded_with_app() {
  config::Loaded loaded;
  loaded.config.apps.emplace_back();
  loaded.credentials.push_back({"42", "the-key", "the-secret"});
  return loaded;
}

const BannerFacts kFacts{.host = "127.0.0.1",
                         .port = 6001,
                         .metrics_address = "127.0.0.1:9100",
                         .tls_address = {},
                         .gateway_address = {},
                         .connections_max = 1000,
                         .now_unix_s = 1};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST(BannerTest, SaysWhereItIs) {
  const std::string text = banner(loaded_with_app(), kFacts);
  EXPECT_TRUE(has(text, "http://127.0.0.1:6001 (WebSocket: ws://127.0.0.1:6001), for up to 1000 connections"));
  EXPECT_TRUE(has(text, "http://127.0.0.1:9100/metrics"));
  EXPECT_TRUE(has(text, R"(new Pusher("the-key")"));
  EXPECT_FALSE(has(text, "https://"));
  BannerFacts with_tls = kFacts;
  with_tls.tls_address = "127.0.0.1:6443";
  EXPECT_TRUE(has(banner(loaded_with_app(), with_tls), "With TLS: https://127.0.0.1:6443 (wss://127.0.0.1:6443)"));
  BannerFacts without_metrics = kFacts;
  without_metrics.metrics_address.clear();
  EXPECT_FALSE(has(banner(loaded_with_app(), without_metrics), "/metrics"));
}

TEST(BannerTest, SaysWhereTheGatewayIsWhenThereIsOne) {
  EXPECT_FALSE(has(banner(loaded_with_app(), kFacts), "Gateway"));
  BannerFacts with_gateway = kFacts;
  with_gateway.gateway_address = "127.0.0.1:8009";
  const std::string text = banner(loaded_with_app(), with_gateway);
  EXPECT_TRUE(has(text, "\nGateway for your users' tokens: http://127.0.0.1:8009/api/v1, "));
  EXPECT_TRUE(has(text, "http://127.0.0.1:8009/health\n"));
}

TEST(BannerTest, AConfiguredSecretIsNotShownNorSignedWith) {
  const std::string text = banner(loaded_with_app(), kFacts);
  EXPECT_FALSE(has(text, "the-secret"));
  EXPECT_FALSE(has(text, "auth_signature"));
  EXPECT_TRUE(has(text, "PUSHER_APP_ID=42\n"));
}

TEST(BannerTest, TheSecretOfTheAppItMadeIsShownWithALineToPaste) {
  config::Loaded loaded = loaded_with_app();
  loaded.first_app = config::FirstAppNotice{"/var/lib/fanfare/app.toml", true};
  const std::string text = banner(loaded, kFacts);
  EXPECT_TRUE(has(text, "PUSHER_SECRET=the-secret\n"));
  EXPECT_TRUE(has(text, "Made a new app, kept in /var/lib/fanfare/app.toml:"));
  EXPECT_TRUE(has(text, "'http://127.0.0.1:6001/apps/42/events?auth_key=the-key&auth_timestamp=1&"));
  loaded.first_app->is_new = false;
  EXPECT_TRUE(has(banner(loaded, kFacts), "Your app, kept in "));
}

TEST(BannerTest, WithoutAnEnabledAppItSaysWhatToDo) {
  EXPECT_TRUE(has(banner(config::Loaded{}, kFacts), "No enabled app: add one to the configuration and send SIGHUP."));
}

}  // namespace
}  // namespace fanfare::server
