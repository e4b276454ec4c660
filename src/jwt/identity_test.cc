#include "jwt/identity.h"

#include <gtest/gtest.h>

namespace fanfare::jwt {
namespace {

std::variant<Identity, TokenError> read(std::string_view claims, const ClaimNames& names = {},
                                        const std::vector<std::string>& extra = {}) {
  json::Reader reader;
  EXPECT_TRUE(reader.parse_object(claims).ok()) << claims;
  return read_identity(reader, names, extra);
}

std::string fault(std::string_view claims) {
  const auto result = read(claims);
  const auto* error = std::get_if<TokenError>(&result);
  return error == nullptr ? "" : error->message;
}

TEST(IdentityTest, ReadsAllOfIt) {
  const auto identity = std::get<Identity>(read(
      R"({"sub":"7","role":"teacher","name":"Ida","avatar":"https://a/x.png","classes":["7b",9],"watchlist":["8"]})"));
  EXPECT_EQ(identity.user_id, "7");
  EXPECT_EQ(identity.role, "teacher");
  EXPECT_EQ(identity.name, "Ida");
  EXPECT_EQ(identity.avatar, "https://a/x.png");
  EXPECT_EQ(identity.classes, (std::vector<std::string>{"7b", "9"}));
  EXPECT_EQ(identity.watchlist, (std::vector<std::string>{"8"}));
}

TEST(IdentityTest, ANumberIsTakenAsItsDecimalText) {
  EXPECT_EQ(std::get<Identity>(read(R"({"sub":12345678901234567890})")).user_id, "12345678901234567890");
  EXPECT_EQ(std::get<Identity>(read(R"({"sub":-0})")).user_id, "0");
  EXPECT_EQ(fault(R"({"sub":1.0})"), "claim sub: expected a string or an integer, found a number");
  EXPECT_EQ(fault(R"({"sub":1e3})"), "claim sub: expected a string or an integer, found a number");
}

TEST(IdentityTest, AvatarUrlStandsInForAvatar) {
  EXPECT_EQ(std::get<Identity>(read(R"({"sub":"7","avatar_url":"u"})")).avatar, "u");
  EXPECT_EQ(std::get<Identity>(read(R"({"sub":"7","avatar":"a","avatar_url":"u"})")).avatar, "a");
}

TEST(IdentityTest, ClaimNamesAreSettingsAndTakenWhole) {
  const ClaimNames names{.user_id = "uid",
                         .role = "https://example.com/role",
                         .name = "profile.name",
                         .avatar = "picture",
                         .classes = "groups",
                         .watchlist = "friends"};
  // Those of the usual names are somebody else's business then.
  const std::string usual =
      R"("sub":"9","role":"student","name":"Bo","avatar":"b.png","classes":["9c"],"watchlist":["9"],)"
      R"("profile":{"name":"Bo"},)";
  const auto identity = std::get<Identity>(
      read("{" + usual +
               R"("uid":7,"https://example.com/role":"admin","profile.name":"Ida","picture":"i.png",)"
               R"("groups":"7b","friends":["8"]})",
           names));
  EXPECT_EQ(identity.user_id, "7");
  EXPECT_EQ(identity.role, "admin");
  EXPECT_EQ(identity.name, "Ida");
  EXPECT_EQ(identity.avatar, "i.png");
  EXPECT_EQ(identity.classes, (std::vector<std::string>{"7b"}));
  EXPECT_EQ(identity.watchlist, (std::vector<std::string>{"8"}));

  const auto bare = std::get<Identity>(read("{" + usual + R"("uid":"7"})", names));
  EXPECT_EQ(bare.role + bare.name + bare.avatar, "");
  EXPECT_TRUE(bare.classes.empty());
  EXPECT_TRUE(bare.watchlist.empty());
}

TEST(IdentityTest, TheFaultNamesTheClaimAsItIsSet) {
  const auto result = read(R"({"sub":"7"})", {.user_id = "uid"});
  EXPECT_EQ(std::get<TokenError>(result).message, "claim uid: it is missing");
}

TEST(IdentityTest, KeepsFurtherClaimsThatRulesAskFor) {
  const auto identity = std::get<Identity>(read(R"({"sub":"7","teams":["a","b"]})", {}, {"teams", "missing"}));
  ASSERT_EQ(identity.extra.size(), 2U);
  EXPECT_EQ(identity.extra[0].second, (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(identity.extra[1].second.empty());
}

TEST(IdentityTest, SaysWhichClaimIsOfNoUse) {
  EXPECT_EQ(fault("{}"), "claim sub: it is missing");
  EXPECT_EQ(fault(R"({"sub":null})"), "claim sub: it is missing");
  EXPECT_EQ(fault(R"({"sub":""})"), "claim sub: it is empty");
  EXPECT_EQ(fault(R"({"sub":["7"]})"), "claim sub: expected a string or an integer, found an array");
  EXPECT_EQ(fault(R"({"sub":")" + std::string(kUserIdCharsMax, 'x') + "\"}"), "");
  EXPECT_EQ(fault(R"({"sub":")" + std::string(kUserIdCharsMax + 1, 'x') + "\"}"),
            "claim sub: it is longer than 128 characters");
  EXPECT_EQ(fault(R"({"sub":"7","role":["admin"]})"), "claim role: expected a string, found an array");
  EXPECT_EQ(fault(R"({"sub":"7","classes":{"a":1}})"), "claim classes: expected a list of strings, found an object");
  EXPECT_EQ(fault(R"({"sub":"7","classes":[["7b"]]})"),
            "claim classes: expected only strings and integers in the list");
  std::string many = "0";
  for (std::size_t i = 0; i < kListEntriesMax; ++i) many += ",0";
  EXPECT_EQ(fault(R"({"sub":"7","classes":[)" + many + "]}"), "claim classes: more than 1000 entries");
}

}  // namespace
}  // namespace fanfare::jwt
