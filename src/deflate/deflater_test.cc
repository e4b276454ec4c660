#include "deflate/deflater.h"

#include <string>

#include <gtest/gtest.h>

#include "base/random.h"
#include "deflate/history.h"
#include "deflate/inflater.h"

namespace fanfare::deflate {
namespace {

std::string text_of(ByteView bytes) { return std::string(as_text(bytes)); }

// JSON as events have it: repetitive, with numbers that differ.
std::string json_of(std::size_t bytes) {
  std::string text = "[";
  for (int i = 0; text.size() < bytes; ++i) {
    text += R"({"id":)" + std::to_string(i * 7919) + R"(,"name":"product","price":)" + std::to_string(i) + "},";
  }
  text.resize(bytes);
  return text;
}

std::string inflated(ByteView deflated, History* history = nullptr) {
  Inflater inflater;
  const Inflated result = inflater.inflate(deflated, 64 * kMiB, history);
  return result.outcome == InflateOutcome::kWhole ? text_of(result.bytes) : "invalid";
}

TEST(DeflaterTest, WhatItDeflatesInflatesToTheSame) {
  Deflater deflater(6);
  for (const std::size_t size : {60UL, 250UL, 251UL, 1000UL, 5000UL, 32'506UL, 32'507UL, 100'000UL}) {
    const std::string text = json_of(size);
    for (int bits = kWindowBitsMin; bits <= kWindowBitsMax; ++bits) {
      const ByteView deflated = deflater.deflate(as_bytes(text), bits);
      ASSERT_FALSE(deflated.empty()) << size << ' ' << bits;
      EXPECT_LT(deflated.size(), text.size());
      EXPECT_EQ(inflated(deflated), text) << size << ' ' << bits;
    }
  }
}

TEST(DeflaterTest, TheEmptyBlockBehindAMessageIsCutOff) {
  Deflater deflater(6);
  const std::string text(100, 'x');
  const std::string deflated = text_of(deflater.deflate(as_bytes(text), 15));
  EXPECT_FALSE(deflated.ends_with(std::string("\x00\x00\xff\xff", 4)));
  EXPECT_EQ(deflated.back(), '\0');  // the rest of it: the block's header, and padding
}

TEST(DeflaterTest, WhatWouldNotShrinkIsLeftAlone) {
  Deflater deflater(9);
  SeededRandom random(7);
  std::string noise;
  for (int i = 0; i < 5000; ++i) noise += static_cast<char>(random.below(256));
  EXPECT_TRUE(deflater.deflate(as_bytes(noise), 15).empty());
  for (const std::string_view text : {"", "a", "ab", "abc"}) EXPECT_TRUE(deflater.deflate(as_bytes(text), 15).empty());
}

TEST(DeflaterTest, EachMessageStandsAloneWithoutAHistory) {
  Deflater deflater(6);
  const std::string text = json_of(2000);
  const std::string first = text_of(deflater.deflate(as_bytes(text), 15));
  EXPECT_EQ(text_of(deflater.deflate(as_bytes(text), 15)), first);
}

TEST(DeflaterTest, NoMatchLiesBeyondTheWindow) {
  Deflater deflater(9);
  SeededRandom random(1);
  std::string noise;
  for (int i = 0; i < 3000; ++i) noise += static_cast<char>('a' + random.below(26));
  const std::string text = noise + noise;  // the second half repeats what lies 3000 bytes back
  const std::size_t small = deflater.deflate(as_bytes(text), 11).size();
  const std::size_t large = deflater.deflate(as_bytes(text), 12).size();
  EXPECT_GT(small, large + 1000);
}

TEST(DeflaterTest, AMessageMayReferToTheHistory) {
  Deflater deflater(6);
  History sent(15);
  History received(15);
  std::size_t first_size = 0;
  for (int i = 0; i < 50; ++i) {
    const std::string text = json_of(900) + std::to_string(i);
    const ByteView deflated = deflater.deflate(as_bytes(text), 15, sent.view());
    ASSERT_FALSE(deflated.empty());
    if (i == 0) {
      first_size = deflated.size();
    } else {
      EXPECT_LT(deflated.size(), first_size / 4);
    }
    ASSERT_EQ(inflated(deflated, &received), text) << i;
    sent.append(as_bytes(text));
  }
}

TEST(DeflaterTest, ASenderMayForgetItsHistory) {
  Deflater deflater(6);
  History sent(15);
  History received(15);
  const std::string text = json_of(900);
  ASSERT_EQ(inflated(deflater.deflate(as_bytes(text), 15, sent.view()), &received), text);
  sent.append(as_bytes(text));
  sent.forget();
  EXPECT_EQ(inflated(deflater.deflate(as_bytes(text), 15, sent.view()), &received), text);
}

TEST(DeflaterTest, ASmallWindowWithAHistoryThatFillsIt) {
  Deflater deflater(9);
  for (const int bits : {9, 10, 12}) {
    History sent(bits);
    History received(bits);
    SeededRandom random(static_cast<std::uint64_t>(bits));
    for (int i = 0; i < 100; ++i) {
      const std::string text = json_of(50 + random.below(2000));
      ASSERT_EQ(inflated(deflater.deflate(as_bytes(text), bits, sent.view()), &received), text) << bits << ' ' << i;
      sent.append(as_bytes(text));
    }
  }
}

}  // namespace
}  // namespace fanfare::deflate
