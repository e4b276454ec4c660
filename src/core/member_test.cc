#include "core/member.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

// Every kind of user id: kept inside the JSON or beside it.
TEST(MemberTest, AUserIdIsWhatItWas) {
  for (const std::string& user_id :
       {std::string("u7"), std::string("Zoë"), std::string("a\"b"), std::string("\\"), std::string("\n"),
        std::string("\0x", 2), std::string("\\\"u\\\""), std::string()}) {
    const MemberRef member = Member::make(user_id, {});
    EXPECT_EQ(member->user_id(), user_id);
    EXPECT_EQ(member->role(), "");
    const pusher::PresenceText expected = pusher::make_presence_text(user_id, {});
    EXPECT_EQ(member->fragments().hash_piece, expected.hash_piece);
    EXPECT_EQ(member->fragments().id_piece, expected.fragments().id_piece);
  }
}

TEST(MemberTest, KeepsItsRoleAndItsInfoBesideEitherKindOfUserId) {
  const MemberRef plain = Member::make("u7", R"({"role":"staff"})", "staff");
  EXPECT_EQ(plain->user_id(), "u7");
  EXPECT_EQ(plain->role(), "staff");
  EXPECT_EQ(plain->fragments().hash_piece, R"(\"u7\":{\"role\":\"staff\"})");
  const MemberRef escaped = Member::make("a\"b", R"({"role":"staff"})", "staff");
  EXPECT_EQ(escaped->user_id(), "a\"b");
  EXPECT_EQ(escaped->role(), "staff");
  EXPECT_EQ(escaped->fragments().id_piece, R"(\"a\\\"b\")");
}

TEST(MemberTest, LivesAsLongAsTheLastOfThoseWhoShareIt) {
  MemberRef first = Member::make("u7", "null");
  const MemberRef second = first;
  first = {};
  EXPECT_EQ(second->user_id(), "u7");
}

}  // namespace
}  // namespace fanfare::core
