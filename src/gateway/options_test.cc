// What holds where nothing is set. Source: issue 6, section 2
#include "gateway/options.h"

#include <gtest/gtest.h>

namespace fanfare::gateway {
namespace {

using std::chrono::seconds;

TEST(GatewayOptionsTest, WhatHoldsWhereNothingIsSet) {
  const GatewayOptions options;
  EXPECT_FALSE(options.enabled) << "inside the server it is asked for";
  EXPECT_EQ(options.host, "127.0.0.1");
  EXPECT_EQ(options.port, 8009);
  EXPECT_TRUE(options.channels.enabled);
  EXPECT_EQ(options.limits.auth_per_user, 100U);
  EXPECT_EQ(options.limits.trigger_per_user, 100U);
  EXPECT_EQ(options.limits.per_address, 1'000U);
  EXPECT_EQ(options.limits.window, seconds(10));
  EXPECT_EQ(options.webhook.window, seconds(300));
  EXPECT_EQ(options.hosted_health_age, seconds(60));
  EXPECT_EQ(options.active_channels, ActiveChannels::kAutomatic);
  EXPECT_TRUE(options.cors_origins.empty());
  EXPECT_TRUE(options.trusted_proxies.empty());
  EXPECT_TRUE(options.jwt.require_exp);
  EXPECT_TRUE(options.session.url.empty());
}

}  // namespace
}  // namespace fanfare::gateway
