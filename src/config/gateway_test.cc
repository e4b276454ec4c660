// [gateway]: that each setting of tokens reaches the verifier's options, from file and environment.
#include <gmock/gmock.h>

#include "config/config_test_support.h"

namespace fanfare::config {
namespace {

using testing::ElementsAre;

class GatewaySettingsTest : public LoadTest {
 protected:
  jwt::JwtOptions jwt_of(const Inputs& from) { return must_load(from).config.gateway.jwt; }
};

TEST_F(GatewaySettingsTest, ClaimNamesHaveTheirDefaults) {
  const jwt::ClaimNames names = jwt_of(inputs("")).claims;
  EXPECT_EQ(names.user_id, "sub");
  EXPECT_EQ(names.role, "role");
  EXPECT_EQ(names.name, "name");
  EXPECT_EQ(names.avatar, "avatar");
  EXPECT_EQ(names.classes, "classes");
  EXPECT_EQ(names.watchlist, "watchlist");
}

TEST_F(GatewaySettingsTest, EachClaimNameIsASetting) {
  const auto expect = [&](const Inputs& from) {
    const jwt::ClaimNames names = jwt_of(from).claims;
    EXPECT_EQ(names.user_id, "uid");
    EXPECT_EQ(names.role, "https://id.example/role");
    EXPECT_EQ(names.name, "full.name");
    EXPECT_EQ(names.avatar, "picture");
    EXPECT_EQ(names.classes, "groups");
    EXPECT_EQ(names.watchlist, "friends");
  };
  expect(inputs(R"([gateway]
claim_user_id = "uid"
claim_role = "https://id.example/role"
claim_name = "full.name"
claim_avatar = "picture"
claim_classes = "groups"
claim_watchlist = "friends"
)"));
  expect(inputs("", {{"FANFARE_GATEWAY_CLAIM_USER_ID", "uid"},
                     {"FANFARE_GATEWAY_CLAIM_ROLE", "https://id.example/role"},
                     {"FANFARE_GATEWAY_CLAIM_NAME", "full.name"},
                     {"FANFARE_GATEWAY_CLAIM_AVATAR", "picture"},
                     {"FANFARE_GATEWAY_CLAIM_CLASSES", "groups"},
                     {"FANFARE_GATEWAY_CLAIM_WATCHLIST", "friends"}}));
  EXPECT_THAT(faults_of(inputs("[gateway]\nclaim_user_id = \"\"\n")), testing::SizeIs(1));
}

TEST_F(GatewaySettingsTest, KeysAndChecksComeFromTheUsualVariables) {
  const jwt::JwtOptions jwt = jwt_of(inputs("", {{"JWT_SECRET", "a secret"},
                                                 {"JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----\\nx\\n"},
                                                 {"JWT_PUBLIC_KEY_FILE", "key.pem"},
                                                 {"JWT_JWKS_FILE", "keys.json"},
                                                 {"JWT_JWKS_URL", "https://id.example/jwks"},
                                                 {"JWT_ALGORITHMS", "RS256,ES256"},
                                                 {"JWT_ISSUER", "https://id.example"},
                                                 {"JWT_AUDIENCE", "fanfare"}}));
  EXPECT_EQ(jwt.secret, "a secret");
  EXPECT_EQ(jwt.public_key, "-----BEGIN PUBLIC KEY-----\\nx\\n");
  EXPECT_EQ(jwt.public_key_file, "key.pem");
  EXPECT_EQ(jwt.jwks_file, "keys.json");
  EXPECT_EQ(jwt.jwks_url, "https://id.example/jwks");
  EXPECT_THAT(jwt.algorithms, ElementsAre("RS256", "ES256"));
  EXPECT_EQ(jwt.issuer, "https://id.example");
  EXPECT_THAT(jwt.audience, ElementsAre("fanfare"));
}

TEST_F(GatewaySettingsTest, SoDoTheChannelsServerAndItsSwitch) {
  const gateway::ChannelsServerOptions channels =
      must_load(inputs("", {{"PUSHER_HOST", "127.0.0.1"},
                            {"PUSHER_PORT", "6001"},
                            {"PUSHER_SSL", "false"},
                            {"PUSHER_CLUSTER", "eu"},
                            {"PUSHER_ENABLED", "false"},
                            {"PUSHER_ENCRYPTION_MASTER_KEY_BASE64", "AAEC"}}))
          .config.gateway.channels;
  EXPECT_EQ(channels.host, "127.0.0.1");
  EXPECT_EQ(channels.port, 6001);
  EXPECT_FALSE(channels.tls);
  EXPECT_EQ(channels.cluster, "eu");
  EXPECT_FALSE(channels.enabled);
  EXPECT_EQ(channels.encryption_master_key, "AAEC");
}

}  // namespace
}  // namespace fanfare::config
