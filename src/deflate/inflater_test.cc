#include "deflate/inflater.h"

#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"
#include "deflate/deflater.h"

namespace fanfare::deflate {
namespace {

constexpr std::size_t kBytesMax = 100 * kKiB;

class InflaterTest : public testing::Test {
 protected:
  std::string inflate(std::string_view deflated, std::size_t bytes_max = kBytesMax, History* history = nullptr) {
    const Inflated result = inflater_.inflate(as_bytes(deflated), bytes_max, history);
    if (result.outcome == InflateOutcome::kTooLarge) return "too large";
    if (result.outcome == InflateOutcome::kInvalid) return "invalid";
    // All that may be read, so that a sanitizer sees a wrong promise.
    EXPECT_GE(result.spare, kSpareBytes);
    spare_sum_ += std::accumulate(result.bytes.data() + result.bytes.size(),
                                  result.bytes.data() + result.bytes.size() + result.spare, 0U);
    return std::string(as_text(result.bytes));
  }
  std::string deflate(std::string_view text) {
    return std::string(as_text(deflater_.deflate(as_bytes(text), kWindowBitsMax)));
  }

  Inflater inflater_;
  Deflater deflater_{9};
  unsigned spare_sum_ = 0;
};

// Bytes that are not letters, by their numbers.
std::string bytes(std::initializer_list<int> values) {
  std::string text;
  for (const int value : values) text += static_cast<char>(value);
  return text;
}

// The examples of RFC 7692 section 7.2.3, all of which say "Hello".
const std::string kHello = bytes({0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00});
const std::string kHelloAgain = bytes({0xf2, 0x00, 0x11, 0x00, 0x00});
const std::string kHelloStored = bytes({0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00});
const std::string kHelloFinal = bytes({0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00});
const std::string kHelloInTwoBlocks =
    bytes({0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00});

TEST_F(InflaterTest, TheExamplesOfTheRfc) {
  EXPECT_EQ(inflate(kHello), "Hello");
  EXPECT_EQ(inflate(kHelloStored), "Hello");
  EXPECT_EQ(inflate(kHelloFinal), "Hello");
  EXPECT_EQ(inflate(kHelloInTwoBlocks), "Hello");
  EXPECT_EQ(inflate(bytes({0x00})), "");  // section 7.2.3.6: an empty message
}

TEST_F(InflaterTest, AMessageThatRefersToTheOneBefore) {
  History history(15);
  EXPECT_EQ(inflate(kHello, kBytesMax, &history), "Hello");
  EXPECT_EQ(inflate(kHelloAgain, kBytesMax, &history), "Hello");
  EXPECT_EQ(as_text(history.view()), "HelloHello");
}

TEST_F(InflaterTest, WithoutAHistoryThereIsNothingBefore) {
  EXPECT_EQ(inflate(kHello), "Hello");
  EXPECT_EQ(inflate(kHelloAgain), "invalid");
}

TEST_F(InflaterTest, NothingOfOneConnectionIsSeenByAnother) {
  History one(15);
  History other(15);
  EXPECT_EQ(inflate(kHello, kBytesMax, &one), "Hello");
  EXPECT_EQ(inflate(kHelloAgain, kBytesMax, &other), "invalid");
  EXPECT_EQ(inflate(kHelloAgain, kBytesMax, &one), "Hello");
}

TEST_F(InflaterTest, ManyFinalBlocksAreOneMessage) {
  std::string message;
  std::string expected;
  for (int i = 0; i < 2000; ++i) {
    message += kHelloFinal.substr(0, 7);
    expected += "Hello";
  }
  EXPECT_EQ(inflate(message + '\0'), expected);
  EXPECT_EQ(inflate(message), expected);  // without the empty block that belongs behind them
}

TEST_F(InflaterTest, AFinalBlockDoesNotEndWhatMayBeReferredTo) {
  History history(15);
  EXPECT_EQ(inflate(kHelloFinal + kHelloAgain, kBytesMax, &history), "invalid");  // "00" is a block of its own
  EXPECT_EQ(inflate(kHelloFinal.substr(0, 7) + kHelloAgain, kBytesMax, &history), "HelloHello");
}

TEST_F(InflaterTest, ACutMessageIsInvalid) {
  const std::string whole = deflate(std::string(300, 'a') + "some more text than that");
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    EXPECT_EQ(inflate(whole.substr(0, size)), "invalid") << size;
  }
  EXPECT_EQ(inflate(""), "invalid");
}

TEST_F(InflaterTest, WhatIsNoDeflateIsInvalid) {
  EXPECT_EQ(inflate(bytes({0x07})), "invalid");                               // block type 3
  EXPECT_EQ(inflate(bytes({0x00, 0x05, 0x00, 0xfa, 0xfe, 'H'})), "invalid");  // lengths that do not fit
  EXPECT_EQ(inflate(kHello + "garbage \xff\xff\xff"), "invalid");
  EXPECT_EQ(inflate("Hello, world, in plain text"), "invalid");
}

TEST_F(InflaterTest, AfterAnInvalidMessageTheNextIsReadAsUsual) {
  EXPECT_EQ(inflate(bytes({0x07})), "invalid");
  EXPECT_EQ(inflate(kHello), "Hello");
}

TEST_F(InflaterTest, TheLimitIsOfTheMessage) {
  for (const std::size_t size : {1UL, 100UL, 4095UL, 4096UL, 4097UL, 70'000UL}) {
    const std::string text(size, 'x');
    const std::string deflated = size < 10 ? bytes({0x00, 0x01, 0x00, 0xfe, 0xff, 'x', 0x00}) : deflate(text);
    EXPECT_EQ(inflate(deflated, size), text) << size;
    EXPECT_EQ(inflate(deflated, size + 1), text) << size;
    EXPECT_EQ(inflate(deflated, size - 1), "too large") << size;
  }
}

// A thousand times its size: what is inflated of it is the limit, not the whole.
TEST_F(InflaterTest, ABombIsStoppedAtTheLimit) {
  const std::string bomb = deflate(std::string(16UL * 1024 * 1024, '\0'));
  ASSERT_LT(bomb.size(), 100'000U);
  EXPECT_EQ(inflate(bomb, kBytesMax), "too large");
  const Inflated result = inflater_.inflate(as_bytes(bomb), kBytesMax, nullptr);
  EXPECT_EQ(result.outcome, InflateOutcome::kTooLarge);
}

TEST_F(InflaterTest, MoreBytesThanTheLimitCouldDeflateToAreNotLookedAt) {
  const std::string empty_blocks(deflated_bytes_max(1000) + 1, '\0');
  EXPECT_EQ(inflate(empty_blocks, 1000), "too large");
}

TEST_F(InflaterTest, NoiseIsInvalidOrBounded) {
  SeededRandom random(31);
  for (int round = 0; round < 20'000; ++round) {
    std::string noise;
    const std::uint64_t size = random.below(60);
    for (std::uint64_t i = 0; i < size; ++i) noise += static_cast<char>(random.below(256));
    EXPECT_LE(inflate(noise, 2000).size(), 2000U);
  }
}

}  // namespace
}  // namespace fanfare::deflate
