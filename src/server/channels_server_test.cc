// Which Channels server the gateway speaks to: Fanfare on this machine or another one, or hosted Pusher.
#include "server/channels_server.h"

#include <gmock/gmock.h>

#include "config/config_test_support.h"

namespace fanfare::server {
namespace {

using testing::HasSubstr;
using Variables = std::vector<config::NamedText>;

class ChannelsServerTest : public config::LoadTest {
 protected:
  Result<sdk::Options> options(const Variables& more, std::string_view toml = "", bool has_app = true) {
    Variables variables = more;
    if (has_app) {
      const Variables app{{"PUSHER_APP_ID", "42"}, {"PUSHER_KEY", "k"}, {"PUSHER_SECRET", "s"}};
      variables.insert(variables.end(), app.begin(), app.end());
    }
    return channels_server_options(must_load(inputs(toml, std::move(variables))));
  }
  // Where a client of it would ask.
  std::string base_url(const Variables& more, std::string_view toml = "", bool has_app = true) {
    auto made = options(more, toml, has_app);
    if (!made.ok()) return made.error().message;
    auto client = sdk::Client::create(*std::move(made));
    return client.ok() ? client->base_url() : client.error().message;
  }
};

TEST_F(ChannelsServerTest, WithoutHostAndClusterItIsThisMachinesServer) {
  EXPECT_EQ(base_url({}), "http://127.0.0.1:6001");
  EXPECT_EQ(base_url({}, "[server]\nhost = \"0.0.0.0\"\nport = 7001\n"), "http://127.0.0.1:7001");
  EXPECT_EQ(base_url({{"PUSHER_PORT", "8001"}}), "http://127.0.0.1:8001");
}

TEST_F(ChannelsServerTest, AClusterIsHostedPusher) {
  EXPECT_EQ(base_url({{"PUSHER_CLUSTER", "eu"}}), "https://api-eu.pusher.com:443");
  const auto made = options({{"PUSHER_CLUSTER", "eu"}});
  EXPECT_EQ(made->app_id, "42");
  EXPECT_EQ(made->key, "k");
  EXPECT_EQ(made->secret, "s");
}

TEST_F(ChannelsServerTest, AHostGoesBeforeTheCluster) {
  EXPECT_EQ(base_url({{"PUSHER_HOST", "realtime.example.com"}, {"PUSHER_CLUSTER", "eu"}}),
            "https://realtime.example.com:443");
  EXPECT_EQ(base_url({{"PUSHER_HOST", "10.0.0.7"}, {"PUSHER_PORT", "6001"}, {"PUSHER_SSL", "false"}}),
            "http://10.0.0.7:6001");
}

TEST_F(ChannelsServerTest, AUrlHoldsAppAndServer) {
  const Variables url{{"PUSHER_URL", "https://k7:s7@api-us2.pusher.com/apps/7"}};
  EXPECT_EQ(base_url(url, "", false), "https://api-us2.pusher.com:443");
  const auto made = options(url, "", false);
  EXPECT_EQ(made->app_id, "7");
  EXPECT_EQ(made->key, "k7");
  EXPECT_EQ(made->secret, "s7");
}

TEST_F(ChannelsServerTest, SwitchAndMasterKeyComeAlong) {
  const std::string key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
  const auto made = options({{"PUSHER_ENABLED", "false"}, {"PUSHER_ENCRYPTION_MASTER_KEY_BASE64", key}});
  EXPECT_FALSE(made->enabled);
  EXPECT_EQ(made->encryption_master_key_base64, key);
  EXPECT_TRUE(options({})->enabled);
}

TEST_F(ChannelsServerTest, SaysWhichAppIsMissing) {
  EXPECT_THAT(base_url({}, "", false), HasSubstr("the gateway needs an app"));
  EXPECT_EQ(base_url({}, "[gateway]\napp = \"8\"\n", false), "[gateway] app: no app 8 with an enabled key");
}

}  // namespace
}  // namespace fanfare::server
