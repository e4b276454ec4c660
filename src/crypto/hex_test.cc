#include "crypto/hex.h"

#include <array>
#include <cctype>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace fanfare::crypto {
namespace {

TEST(HexTest, WritesLowercaseDigits) { EXPECT_EQ(to_hex(as_bytes("\x01\xAB\xFF")), "01abff"); }

TEST(HexTest, ReadsEitherCase) {
  std::array<std::uint8_t, 3> bytes{};
  EXPECT_TRUE(read_hex("01aBFf", bytes));
  EXPECT_EQ(bytes, (std::array<std::uint8_t, 3>{0x01, 0xAB, 0xFF}));
  EXPECT_FALSE(read_hex("01aBF", bytes));
  EXPECT_FALSE(read_hex("01aBFf0", bytes));
  EXPECT_FALSE(read_hex("01aBFf00", bytes));
  EXPECT_FALSE(read_hex("01aB", bytes));
}

TEST(HexTest, OnlyDigitsAreDigits) {
  std::array<std::uint8_t, 1> byte{};
  for (int character = 0; character < 256; ++character) {
    const bool is_digit = std::isxdigit(character) != 0;
    EXPECT_EQ(read_hex(std::string{static_cast<char>(character), '0'}, byte), is_digit) << character;
    EXPECT_EQ(read_hex(std::string{'0', static_cast<char>(character)}, byte), is_digit) << character;
  }
}

TEST(HexTest, NothingIsNothing) {
  EXPECT_EQ(to_hex({}), "");
  EXPECT_TRUE(read_hex("", {}));
}

TEST(HexTest, RefusesOddLengthsAndForeignCharacters) {
  std::array<std::uint8_t, 1> byte{};
  EXPECT_FALSE(read_hex("abc", byte));
  EXPECT_FALSE(read_hex("0g", byte));
  EXPECT_FALSE(read_hex(" 0", byte));
  EXPECT_FALSE(read_hex("0x", byte));
}

}  // namespace
}  // namespace fanfare::crypto
