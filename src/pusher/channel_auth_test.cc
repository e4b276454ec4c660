#include "pusher/channel_auth.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

const AppKeys kKeys({AppKey("demo-key-0001", "demo-secret-0001"), AppKey("demo-key-0002", "demo-secret-0002", true),
                     AppKey("retired-key", "retired-secret", false)});
constexpr std::string_view kSocketId = "218.4471";
constexpr std::string_view kPrivateDigest = "d2be3ae278377deed958c1ff8f27b01e2a90f1e4e82082d56be409a6b7a241ce";

SubscribeCommand command(std::string_view channel, std::string_view auth,
                         std::optional<std::string_view> channel_data = std::nullopt) {
  return {.channel = channel, .auth = auth, .channel_data = channel_data};
}

std::string fault_of(const SubscribeCommand& subscribe, std::string_view socket_id = kSocketId) {
  const auto key = verify_channel_auth(kKeys, socket_id, subscribe);
  return key.ok() ? "" : key.error().message;
}

TEST(ChannelAuthTest, AgreesWithTheVectors) {
  struct Vector {
    std::string_view channel;
    std::optional<std::string_view> channel_data;
    std::string_view digest;
  };
  const Vector vectors[] = {
      {"private-orders", std::nullopt, kPrivateDigest},
      {"private-orders", "", "0f1ae91914b29b99620665bb69179cfd3a11ed73692079acd63be7b425e2f123"},
      {"presence-room", R"({"user_id":"u7","user_info":{"name":"Zoë"}})",
       "041f6c992782850e8891ed152558f31289f83c5440cbbe0dee8d9e592aa90cfd"},
      {"private-encrypted-vault", std::nullopt, "a1e4861b73504847b2012379c4397dc4ac742cdfb2f7727d81b3623efbe6f6b0"},
  };
  for (const Vector& vector : vectors) {
    const std::string auth = "demo-key-0001:" + std::string(vector.digest);
    EXPECT_EQ(fault_of(command(vector.channel, auth, vector.channel_data)), "") << vector.channel;
    EXPECT_EQ(sign_channel_auth(kKeys.all()[0], kSocketId, vector.channel, vector.channel_data), auth);
  }
}

TEST(ChannelAuthTest, GivesTheKeyThatSigned) {
  const std::string auth = sign_channel_auth(kKeys.all()[1], kSocketId, "private-orders");
  const auto key = verify_channel_auth(kKeys, kSocketId, command("private-orders", auth));
  ASSERT_TRUE(key.ok());
  EXPECT_EQ((*key)->key, "demo-key-0002");
}

TEST(ChannelAuthTest, UpperCaseDigitsAreFine) {
  std::string digest(kPrivateDigest);
  std::transform(digest.begin(), digest.end(), digest.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(fault_of(command("private-orders", "demo-key-0001:" + digest)), "");
}

TEST(ChannelAuthTest, MissingAuth) {
  EXPECT_EQ(fault_of({.channel = "private-orders", .auth = std::nullopt, .channel_data = std::nullopt}),
            "Auth info required to subscribe to private-orders");
  EXPECT_EQ(fault_of(command("private-orders", "")), "Auth info required to subscribe to private-orders");
}

TEST(ChannelAuthTest, AuthWithoutAColon) {
  EXPECT_EQ(fault_of(command("private-orders", kPrivateDigest)),
            "Invalid format: auth must have the format key:signature");
}

TEST(ChannelAuthTest, UnknownAndRetiredKeys) {
  EXPECT_EQ(fault_of(command("private-orders", "other:00")), "Invalid key in subscription auth data: 'other'");
  EXPECT_EQ(fault_of(command("private-orders", ":00")), "Invalid key in subscription auth data: ''");
  const std::string retired = sign_channel_auth(kKeys.all()[2], kSocketId, "private-orders");
  EXPECT_EQ(fault_of(command("private-orders", retired)), "Invalid key in subscription auth data: 'retired-key'");
}

TEST(ChannelAuthTest, WrongSignaturesShowWhatWasToBeSigned) {
  EXPECT_EQ(fault_of(command("private-orders", "demo-key-0001:abc")),
            "Invalid signature: Expected HMAC SHA256 hex digest of 218.4471:private-orders, but got abc");
  EXPECT_EQ(fault_of(command("private-orders", "demo-key-0001:a:b", "")),
            "Invalid signature: Expected HMAC SHA256 hex digest of 218.4471:private-orders:, but got a:b");
  EXPECT_EQ(fault_of(command("presence-room", "demo-key-0001:", R"({"user_id":1})")),
            R"(Invalid signature: Expected HMAC SHA256 hex digest of 218.4471:presence-room:{"user_id":1}, but got )");
}

TEST(ChannelAuthTest, ASignatureIsForOneConnectionChannelAndKey) {
  const std::string auth = "demo-key-0001:" + std::string(kPrivateDigest);
  EXPECT_NE(fault_of(command("private-orders", auth), "218.4472"), "");
  EXPECT_NE(fault_of(command("private-order", auth)), "");
  EXPECT_NE(fault_of(command("private-orders", auth, "")), "");
  EXPECT_NE(fault_of(command("private-orders", "demo-key-0002:" + std::string(kPrivateDigest))), "");
  EXPECT_NE(fault_of(command("private-orders", auth + "0")), "");
  EXPECT_NE(fault_of(command("private-orders", auth.substr(0, auth.size() - 1))), "");
}

TEST(ChannelAuthTest, ErrorsAreBounded) {
  const std::string long_text(100'000, 'x');
  EXPECT_LT(fault_of(command("presence-room", "demo-key-0001:" + long_text, long_text)).size(), 3000U);
  EXPECT_LT(fault_of(command("presence-room", long_text + ":", long_text)).size(), 3000U);
}

}  // namespace
}  // namespace fanfare::pusher
