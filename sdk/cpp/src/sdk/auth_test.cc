#include "fanfare/auth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using testing::HasSubstr;

// REF 0.4
const Credentials kPair{"demo-key-0001", "demo-secret-0001"};
constexpr const char* kSocket = "218.4471";

Authorizer authorizer() {
  return Authorizer(kPair, *MasterKey::from_base64("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
}

TEST(SdkAuthTest, Ref04Private) {
  const auto answer = authorizer().authorize_channel(kSocket, "private-orders");
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->auth, "demo-key-0001:d2be3ae278377deed958c1ff8f27b01e2a90f1e4e82082d56be409a6b7a241ce");
  EXPECT_EQ(answer->to_json(), R"({"auth":")" + answer->auth + R"("})");
}

TEST(SdkAuthTest, Ref04PrivateWithEmptyData) {
  const auto answer = authorizer().authorize_channel_with_data(kSocket, "private-orders", "");
  EXPECT_EQ(answer->auth, "demo-key-0001:0f1ae91914b29b99620665bb69179cfd3a11ed73692079acd63be7b425e2f123");
  EXPECT_EQ(answer->channel_data, "");
}

TEST(SdkAuthTest, Ref04Presence) {
  const auto answer =
      authorizer().authorize_channel(kSocket, "presence-room", {.user_id = "u7", .user_info = R"({ "name": "Zoë" })"});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->channel_data, R"({"user_id":"u7","user_info":{"name":"Zoë"}})");
  EXPECT_EQ(answer->auth, "demo-key-0001:041f6c992782850e8891ed152558f31289f83c5440cbbe0dee8d9e592aa90cfd");
  EXPECT_EQ(answer->to_json(), R"({"auth":")" + answer->auth +
                                   R"(","channel_data":"{\"user_id\":\"u7\",\"user_info\":{\"name\":\"Zoë\"}}"})");
}

TEST(SdkAuthTest, Ref04Encrypted) {
  const auto answer = authorizer().authorize_channel(kSocket, "private-encrypted-vault");
  EXPECT_EQ(answer->auth, "demo-key-0001:a1e4861b73504847b2012379c4397dc4ac742cdfb2f7727d81b3623efbe6f6b0");
  EXPECT_EQ(answer->to_json(),
            R"({"auth":")" + answer->auth + R"(","shared_secret":"wp8Orjt2S4H4n8dDP7pa2A9reduRTTedbaiVnjqomsc="})");
}

TEST(SdkAuthTest, Ref04Signin) {
  const auto answer = authorizer().authenticate_user(kSocket, {.id = "u7", .watchlist = {"u8"}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->user_data, R"({"id":"u7","watchlist":["u8"]})");
  EXPECT_EQ(answer->auth, "demo-key-0001:0cbcdc4bb4b156565850b97689e0ba7353f1a1fc28efdafbdbac3bfa35247b69");
  EXPECT_EQ(answer->to_json(),
            R"({"auth":")" + answer->auth + R"(","user_data":"{\"id\":\"u7\",\"watchlist\":[\"u8\"]}"})");
}

TEST(SdkAuthTest, TheVendorsVectors) {
  const Authorizer vendor({"278d425bdf160c739803", "7ad3773142a6692b25b8"});
  EXPECT_EQ(vendor.authorize_channel("1234.1234", "private-foobar")->auth,
            "278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4");
  EXPECT_EQ(vendor.authenticate_user_with_data("1234.1234", R"({"id":"12345"})")->auth,
            "278d425bdf160c739803:4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba");
  const std::string member = R"({"user_id":10,"user_info":{"name":"Mr. Pusher"}})";
  EXPECT_EQ(vendor.authorize_channel_with_data("1234.1234", "presence-foobar", member)->auth,
            "278d425bdf160c739803:afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c");
}

TEST(SdkAuthTest, PresenceOfASignedInConnectionNeedsNoMember) {
  const auto answer = authorizer().authorize_channel(kSocket, "presence-room");
  ASSERT_TRUE(answer.ok());
  EXPECT_FALSE(answer->channel_data.has_value());
}

TEST(SdkAuthTest, AColonCannotBeSmuggledIntoWhatIsSigned) {
  for (const char* socket : {"1.2:presence-x", "1.2::user::{}", "", "1", "1.2 ", "1.2\n"}) {
    EXPECT_FALSE(authorizer().authorize_channel(socket, "private-x").ok()) << socket;
    EXPECT_FALSE(authorizer().authenticate_user(socket, {.id = "u"}).ok()) << socket;
    EXPECT_FALSE(authorizer().authenticate_user_with_data(socket, R"({"id":"u"})").ok()) << socket;
  }
  for (const char* channel : {"private-x:{}", "private-", "private-x\n", ":user:", ""}) {
    if (std::string_view(channel) == "private-") continue;  // a valid name
    EXPECT_FALSE(authorizer().authorize_channel("1.2", channel).ok()) << channel;
  }
}

TEST(SdkAuthTest, ChannelsThatNeedNoAuthorizationAreRefused) {
  for (const char* channel : {"orders", "cache-x", "#server-to-user-7"}) {
    const auto answer = authorizer().authorize_channel(kSocket, channel);
    ASSERT_FALSE(answer.ok()) << channel;
    EXPECT_THAT(answer.error().message, HasSubstr("needs no authorization"));
  }
  EXPECT_FALSE(authorizer().authorize_channel(kSocket, "private-x", {.user_id = "u"}).ok());
}

TEST(SdkAuthTest, AnEncryptedChannelNeedsTheMasterKey) {
  const auto answer = Authorizer(kPair).authorize_channel(kSocket, "private-encrypted-x");
  ASSERT_FALSE(answer.ok());
  EXPECT_THAT(answer.error().message, HasSubstr("master key"));
}

TEST(SdkAuthTest, NothingIsSignedWithoutASecret) {
  for (const Credentials& pair : {Credentials{"key", ""}, Credentials{"", "secret"}, Credentials{}}) {
    EXPECT_FALSE(Authorizer(pair).authorize_channel(kSocket, "private-x").ok());
    EXPECT_FALSE(Authorizer(pair).authenticate_user(kSocket, {.id = "u"}).ok());
    EXPECT_FALSE(Authorizer(pair).authenticate_user_with_data(kSocket, R"({"id":"u"})").ok());
  }
}

TEST(SdkAuthTest, MembersAreCheckedAgainstTheLimits) {
  const auto refuses = [](const PresenceMember& member) {
    return !authorizer().authorize_channel(kSocket, "presence-x", member).ok();
  };
  EXPECT_TRUE(refuses({}));
  EXPECT_TRUE(refuses({.user_id = std::string(129, 'u')}));
  EXPECT_TRUE(refuses({.user_id = "u", .user_info = "{"}));
  EXPECT_TRUE(refuses({.user_id = "u", .user_info = "{} {}"}));
  EXPECT_TRUE(refuses({.user_id = "u", .user_info = '"' + std::string(1023, 'i') + '"'}));
  EXPECT_FALSE(refuses({.user_id = "u", .user_info = '"' + std::string(1022, 'i') + '"'}));
}

TEST(SdkAuthTest, UsersAreCheckedAgainstTheLimits) {
  const auto refuses = [](const UserData& user) { return !authorizer().authenticate_user(kSocket, user).ok(); };
  EXPECT_TRUE(refuses({}));
  EXPECT_TRUE(refuses({.id = "u", .user_info = "nonsense"}));
  EXPECT_TRUE(refuses({.id = "u", .watchlist = std::vector<std::string>(101, "w")}));
  EXPECT_TRUE(refuses({.id = "u", .watchlist = {""}}));
  EXPECT_FALSE(refuses({.id = "u", .watchlist = std::vector<std::string>(100, "w")}));
  for (const char* data : {"", "[]", "{}", R"({"id":7})", R"({"id":""})", "\xFF"}) {
    EXPECT_FALSE(authorizer().authenticate_user_with_data(kSocket, data).ok()) << data;
  }
}

TEST(SdkAuthTest, OwnChannelDataIsChecked) {
  for (const char* data : {"", "{}", R"({"user_id":""})", R"({"user_id":1.5})", "\xFF"}) {
    EXPECT_FALSE(authorizer().authorize_channel_with_data(kSocket, "presence-x", data).ok()) << data;
  }
  EXPECT_FALSE(authorizer().authorize_channel_with_data(kSocket, "private-x", "\xFF").ok());
}

TEST(SdkAuthTest, EveryCharacterOfAnIdSurvivesInChannelData) {
  const auto answer = authorizer().authorize_channel(kSocket, "presence-x", {.user_id = R"(a"b\c)"});
  EXPECT_EQ(answer->channel_data, R"({"user_id":"a\"b\\c"})");
}

TEST(SdkAuthRequestTest, ReadsTheFormThatClientsPost) {
  const auto request = parse_auth_request("socket_id=218.4471&channel_name=presence-a%40b%2Cc&extra=1");
  ASSERT_TRUE(request.ok()) << request.error().message;
  EXPECT_EQ(request->socket_id, "218.4471");
  EXPECT_EQ(request->channel_name, "presence-a@b,c");
  EXPECT_EQ(parse_auth_request("socket_id=1.2")->channel_name, "");
}

TEST(SdkAuthRequestTest, RefusesWhatCannotBeSigned) {
  for (const char* body : {"", "channel_name=private-x", "socket_id=1", "socket_id=1.2%3Aprivate-x",
                           "socket_id=1.2&channel_name=a%3Ab", "socket_id=1.2&channel_name="}) {
    EXPECT_FALSE(parse_auth_request(body).ok()) << body;
  }
  EXPECT_EQ(parse_auth_request(std::string(66'000, 'a')).error().kind, ErrorKind::kTooLarge);
}

}  // namespace
}  // namespace fanfare::sdk
