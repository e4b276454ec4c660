#include "ws/mask.h"

#include <vector>

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

constexpr MaskingKey kKey = {0x37, 0xFA, 0x21, 0x3D};

std::vector<std::uint8_t> counting(std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  return bytes;
}

std::vector<std::uint8_t> masked_slowly(std::vector<std::uint8_t> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] ^= kKey[i % 4];
  return bytes;
}

TEST(MaskTest, IsTheExclusiveOrOfSection53AtEveryLengthAndAlignment) {
  for (std::size_t offset = 0; offset < 8; ++offset) {
    for (std::size_t size = 0; size <= 40; ++size) {
      const std::vector<std::uint8_t> plain = counting(size);
      std::vector<std::uint8_t> buffer(offset + size, 0xAA);
      std::copy(plain.begin(), plain.end(), buffer.begin() + static_cast<std::ptrdiff_t>(offset));
      apply_mask(MutableBytes(buffer).subspan(offset), kKey);
      EXPECT_EQ(std::vector<std::uint8_t>(buffer.begin() + static_cast<std::ptrdiff_t>(offset), buffer.end()),
                masked_slowly(plain));
    }
  }
}

TEST(MaskTest, GoesOnWhereItEnded) {
  const std::vector<std::uint8_t> plain = counting(37);
  for (std::size_t cut = 0; cut <= plain.size(); ++cut) {
    std::vector<std::uint8_t> bytes = plain;
    const MaskingKey rest = apply_mask(MutableBytes(bytes).first(cut), kKey);
    apply_mask(MutableBytes(bytes).subspan(cut), rest);
    EXPECT_EQ(bytes, masked_slowly(plain)) << cut;
  }
}

}  // namespace
}  // namespace fanfare::ws
