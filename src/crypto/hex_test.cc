#include "crypto/hex.h"

#include <gtest/gtest.h>

namespace fanfare::crypto {
namespace {

TEST(HexTest, WritesLowercaseDigits) { EXPECT_EQ(to_hex(as_bytes("\x01\xAB\xFF")), "01abff"); }

TEST(HexTest, ReadsEitherCase) { EXPECT_EQ(from_hex("01aBFf"), std::string("\x01\xAB\xFF")); }

TEST(HexTest, NothingIsNothing) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_EQ(from_hex(""), "");
}

TEST(HexTest, RefusesOddLengthsAndForeignCharacters) {
  EXPECT_EQ(from_hex("abc"), std::nullopt);
  EXPECT_EQ(from_hex("0g"), std::nullopt);
  EXPECT_EQ(from_hex(" 0"), std::nullopt);
  EXPECT_EQ(from_hex("0x"), std::nullopt);
}

}  // namespace
}  // namespace fanfare::crypto
