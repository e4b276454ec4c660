#include "base/spare_buffer.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare {
namespace {

std::string text_of(SpareBuffer& buffer) { return std::string(as_text(buffer.bytes())); }

TEST(SpareBufferTest, KeepsWhatWasAppendedAndTheSpareBytesBehindIt) {
  SpareBuffer buffer;
  EXPECT_EQ(buffer.spare(), 0U) << "no memory yet";
  std::string all;
  for (std::size_t i = 0; i < 100; ++i) {
    const std::string part(i, static_cast<char>('a' + i % 26));
    all += part;
    buffer.append(as_bytes(part));
    if (i == 0) continue;
    ASSERT_GE(buffer.spare(), kSpareBytes);
    buffer.bytes().data()[buffer.size() + buffer.spare() - 1] = 0xFF;  // a sanitizer would object
  }
  EXPECT_EQ(text_of(buffer), all);
}

TEST(SpareBufferTest, TakesNoMoreMemoryThanIsForeseen) {
  SpareBuffer buffer;
  buffer.append(as_bytes("abc"), 10);
  EXPECT_EQ(buffer.size() + buffer.spare(), 10 + kSpareBytes);
  buffer.append(as_bytes("defghijklm"), 10);
  EXPECT_EQ(text_of(buffer), "abcdefghijklm") << "what comes all the same is kept";
  EXPECT_EQ(buffer.spare(), kSpareBytes);
}

TEST(SpareBufferTest, ClearingGivesLargeMemoryBack) {
  SpareBuffer buffer;
  buffer.append(as_bytes("abc"));
  const std::size_t memory = buffer.size() + buffer.spare() - kSpareBytes;
  buffer.clear(memory);
  EXPECT_TRUE(buffer.empty());
  EXPECT_EQ(buffer.spare(), memory + kSpareBytes);
  buffer.clear(memory - 1);
  EXPECT_EQ(buffer.spare(), 0U);
}

}  // namespace
}  // namespace fanfare
