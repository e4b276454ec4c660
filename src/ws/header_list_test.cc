#include "ws/header_list.h"

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

TEST(HeaderListTest, FindsTokensWhateverTheirCaseAndSpaces) {
  EXPECT_TRUE(has_token("Upgrade", "upgrade"));
  EXPECT_TRUE(has_token("keep-alive, UPGRADE", "upgrade"));
  EXPECT_TRUE(has_token(" a ,\tupgrade\t, b", "upgrade"));
}

TEST(HeaderListTest, MatchesTokensWhole) {
  EXPECT_FALSE(has_token("", "upgrade"));
  EXPECT_FALSE(has_token("upgrades", "upgrade"));
  EXPECT_FALSE(has_token("not upgrade", "upgrade"));
  EXPECT_FALSE(has_token(",,", "upgrade"));
}

TEST(HeaderListTest, MayDistinguishCase) {
  EXPECT_TRUE(has_exact_token("x, chat", "chat"));
  EXPECT_FALSE(has_exact_token("x, Chat", "chat"));
}

TEST(HeaderListTest, TrimsSpacesAndTabs) {
  EXPECT_EQ(trim(" \t a b \t"), "a b");
  EXPECT_EQ(trim(" \t "), "");
}

}  // namespace
}  // namespace fanfare::ws
