#include "pusher/user_auth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

using testing::StartsWith;

const AppKeys kKeys({AppKey("demo-key-0001", "demo-secret-0001")});
constexpr std::string_view kUserData = R"({"id":"u7","watchlist":["u8"]})";
constexpr std::string_view kAuth = "demo-key-0001:0cbcdc4bb4b156565850b97689e0ba7353f1a1fc28efdafbdbac3bfa35247b69";

std::string fault_of(std::string_view user_data, const UserDataLimits& limits = {}) {
  const Result<UserData> data = parse_user_data(user_data, limits);
  return data.ok() ? "" : data.error().message;
}

std::string watchlist_of(std::size_t count) {
  std::string text = R"({"id":"u7","watchlist":[)";
  for (std::size_t i = 0; i < count; ++i) text += (i == 0 ? "\"w" : ",\"w") + std::to_string(i) + "\"";
  return text + "]}";
}

TEST(UserAuthTest, AgreesWithTheVector) {
  EXPECT_TRUE(verify_user_auth(kKeys, "218.4471", {.auth = kAuth, .user_data = kUserData}).ok());
  EXPECT_EQ(sign_user_auth(kKeys.all()[0], "218.4471", kUserData), kAuth);
}

TEST(UserAuthTest, RefusesWithTheTextsOfChannels) {
  const auto fault = [](std::string_view auth) {
    return verify_user_auth(kKeys, "218.4471", {.auth = auth, .user_data = R"({"id":"u7"})"}).error().message;
  };
  EXPECT_EQ(fault("x"), "Invalid format: auth must have the format key:signature");
  EXPECT_EQ(fault(""), "Invalid format: auth must have the format key:signature");
  EXPECT_EQ(fault("x:1"), "Invalid key in subscription auth data: 'x'");
  EXPECT_EQ(fault("demo-key-0001:1"),
            R"(Invalid signature: Expected HMAC SHA256 hex digest of 218.4471::user::{"id":"u7"}, but got 1)");
}

TEST(UserDataTest, ReadsUser) {
  const Result<UserData> data =
      parse_user_data(R"({"id":"u7","user_info":{ "name":"Zoë" },"watchlist":["u8","u9","u8"],"more":[1]})");
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data->id, "u7");
  EXPECT_EQ(data->user_info, R"({"name":"Zoë"})");
  EXPECT_EQ(data->watchlist, (std::vector<std::string>{"u8", "u9"}));
  EXPECT_FALSE(data->watchlist_over_limit);
}

TEST(UserDataTest, IdsAreNonEmptyStrings) {
  const std::string start = "Invalid user_data: must be valid JSON with an id (";
  EXPECT_EQ(fault_of("{}"), start + "id is missing)");
  EXPECT_EQ(fault_of(R"({"id":""})"), start + "id is empty)");
  EXPECT_EQ(fault_of(R"({"id":7})"), start + "expected a string in id, found a number)");
  EXPECT_THAT(fault_of("nonsense"), StartsWith(start + "invalid JSON at byte 0: "));
  EXPECT_EQ(fault_of("[]"), start + "expected a JSON object, found an array)");
  EXPECT_EQ(fault_of(R"({"id":"e:1"})"), "");
}

TEST(UserDataTest, IdsEndAt128Characters) {
  const auto with_id = [](std::size_t chars) { return R"({"id":")" + std::string(chars, 'u') + "\"}"; };
  EXPECT_EQ(fault_of(with_id(127)), "");
  EXPECT_EQ(fault_of(with_id(128)), "");
  EXPECT_EQ(fault_of(with_id(129)), "Invalid user_data: id is 129 characters, at most 128 are allowed");
}

TEST(UserDataTest, InfoIsBounded) {
  const auto with_info = [](std::size_t bytes) {
    return R"({"id":"u7","user_info":")" + std::string(bytes - 2, 'x') + "\"}";
  };
  EXPECT_EQ(fault_of(with_info(1024)), "");
  EXPECT_EQ(fault_of(with_info(1025)), "Invalid user_data: user_info is 1025 bytes, at most 1024 are allowed");
}

TEST(UserDataTest, TheFirst100OfAWatchlistAreKept) {
  EXPECT_EQ(parse_user_data(watchlist_of(99))->watchlist.size(), 99U);
  EXPECT_FALSE(parse_user_data(watchlist_of(100))->watchlist_over_limit);
  const Result<UserData> over = parse_user_data(watchlist_of(101));
  ASSERT_TRUE(over.ok());
  EXPECT_TRUE(over->watchlist_over_limit);
  EXPECT_EQ(over->watchlist.size(), 100U);
  EXPECT_EQ(over->watchlist.back(), "w99");
}

TEST(UserDataTest, WatchlistsAreArraysOfStrings) {
  const std::string start = "Invalid user_data: must be valid JSON with an id (";
  EXPECT_EQ(fault_of(R"({"id":"u7","watchlist":null})"), "");
  EXPECT_EQ(fault_of(R"({"id":"u7","watchlist":[]})"), "");
  EXPECT_EQ(fault_of(R"({"id":"u7","watchlist":"u8"})"), start + "expected an array in watchlist)");
  EXPECT_EQ(fault_of(R"({"id":"u7","watchlist":["u8",9]})"), start + "expected only strings in watchlist)");
  EXPECT_EQ(fault_of(R"({"id":"u7","watchlist":[")" + std::string(129, 'w') + "\"]}"),
            "Invalid user_data: a user id in watchlist is 129 characters, at most 128 are allowed");
}

}  // namespace
}  // namespace fanfare::pusher
