#include "ws/utf8.h"

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/random.h"

namespace fanfare::ws {
namespace {

// The slow reference: decodes by the bit layout and then checks the value. Returns how many leading bytes can begin
// valid UTF-8 (a cut character at the end counts), and whether the text may end there.
struct Verdict {
  std::size_t good_bytes = 0;
  bool is_complete = true;
};

std::size_t reference_length(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if ((lead & 0xE0U) == 0xC0) return 2;
  if ((lead & 0xF0U) == 0xE0) return 3;
  if ((lead & 0xF8U) == 0xF0) return 4;
  return 0;
}

// Whether some choice of the missing continuation bytes gives a valid character: whether the values that can still
// come overlap with those that a character of this length may have.
bool can_be_finished(std::uint32_t bits, std::size_t seen, std::size_t length) {
  constexpr std::uint32_t kLowest[] = {0, 0, 0x80, 0x800, 0x10000};
  const auto missing_bits = static_cast<std::uint32_t>(6 * (length - seen));
  const std::uint32_t first = bits << missing_bits;
  const std::uint32_t last = first + (1U << missing_bits) - 1;
  const bool below_surrogates = last >= kLowest[length] && first <= 0xD7FF;
  const bool above_surrogates = last >= std::max(kLowest[length], 0xE000U) && first <= 0x10FFFF;
  return below_surrogates || above_surrogates;
}

Verdict reference(const std::string& text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const auto lead = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = reference_length(lead);
    if (length == 0) return {at, true};
    std::uint32_t bits = length == 1 ? lead : lead & (0x7FU >> length);
    if (!can_be_finished(bits, 1, length)) return {at, true};
    for (std::size_t seen = 1; seen < length; ++seen) {
      if (at + seen == text.size()) return {at + seen, false};
      const auto next = static_cast<std::uint8_t>(text[at + seen]);
      if ((next & 0xC0U) != 0x80) return {at + seen, false};
      bits = (bits << 6U) | (next & 0x3FU);
      if (!can_be_finished(bits, seen + 1, length)) return {at + seen, false};
    }
    at += length;
  }
  return {at, true};
}

Verdict byte_by_byte(const std::string& text) {
  Utf8Validator validator;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!validator.feed(as_bytes(text).subspan(i, 1))) return {i, true};
  }
  return {text.size(), validator.is_complete()};
}

void expect_agreement(const std::string& text) {
  const Verdict expected = reference(text);
  const Verdict found = byte_by_byte(text);
  ASSERT_EQ(found.good_bytes, expected.good_bytes) << testing::PrintToString(text);
  const bool is_valid = expected.good_bytes == text.size() && expected.is_complete;
  ASSERT_EQ(is_valid_utf8(as_bytes(text)), is_valid) << testing::PrintToString(text);
  if (expected.good_bytes == text.size()) {
    ASSERT_EQ(found.is_complete, expected.is_complete) << testing::PrintToString(text);
  }
}

// `pair` alone and with everything interesting behind it.
void expect_agreement_with_tails(const std::string& pair) {
  expect_agreement(pair);
  for (const int third : {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xF4, 0xFF}) {
    for (const int fourth : {0x41, 0x80, 0xBF}) {
      expect_agreement(pair + static_cast<char>(third) + static_cast<char>(fourth));
    }
  }
}

TEST(Utf8ValidatorTest, AgreesWithTheReferenceOnEveryTwoBytesAndTheirNeighbours) {
  for (int pair = 0; pair <= 0xFFFF && !HasFatalFailure(); ++pair) {
    expect_agreement_with_tails({static_cast<char>(pair >> 8), static_cast<char>(pair & 0xFF)});
  }
}

TEST(Utf8ValidatorTest, AgreesWithTheReferenceOnRandomMixtures) {
  constexpr std::uint64_t kSeed = 20261124;
  SCOPED_TRACE(kSeed);
  SeededRandom random(kSeed);
  const std::vector<std::string> parts = {"a",
                                          "0123456789abcdefXYZ",
                                          "\xC3\xA9",
                                          "\xE2\x82\xAC",
                                          "\xF0\x9F\x98\x80",
                                          "\xED\x9F\xBF",
                                          "\xEE\x80\x80",
                                          "\xF4\x8F\xBF\xBF",
                                          "\xED\xA0\x80",
                                          "\xC0\x80",
                                          "\x80",
                                          "\xFF",
                                          "\xF4\x90"};
  for (int round = 0; round < 20000; ++round) {
    std::string text;
    const std::uint64_t count = random.below(8);
    for (std::uint64_t i = 0; i < count; ++i) {
      // The last five parts are invalid: rare, so that long valid texts come up too.
      text += random.below(12) == 0 ? parts[8 + random.below(5)] : parts[random.below(8)];
    }
    if (!text.empty() && random.below(4) == 0) text.resize(random.below(text.size()));
    expect_agreement(text);
    if (HasFatalFailure()) return;
  }
}

TEST(Utf8ValidatorTest, FindsAWrongByteAtEveryPlaceOfALongAsciiRun) {
  for (std::size_t length = 1; length <= 50; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'x');
      text[at] = '\x80';
      ASSERT_FALSE(is_valid_utf8(as_bytes(text))) << length << ' ' << at;
    }
    ASSERT_TRUE(is_valid_utf8(as_bytes(std::string(length, '\x7F'))));
  }
}

TEST(Utf8ValidatorTest, FailsAtTheFirstByteThatCannotBeRight) {
  Utf8Validator beyond_unicode;
  EXPECT_TRUE(beyond_unicode.feed(as_bytes("\xF4")));
  EXPECT_FALSE(beyond_unicode.feed(as_bytes("\x90")));
  Utf8Validator surrogate;
  EXPECT_TRUE(surrogate.feed(as_bytes("\xED")));
  EXPECT_FALSE(surrogate.feed(as_bytes("\xA0")));
}

TEST(Utf8ValidatorTest, KnowsThatACharacterIsIncomplete) {
  Utf8Validator validator;
  EXPECT_TRUE(validator.is_complete());
  EXPECT_TRUE(validator.feed(as_bytes("\xF0\x9F\x98")));
  EXPECT_FALSE(validator.is_complete());
  EXPECT_TRUE(validator.feed({}));
  EXPECT_FALSE(validator.is_complete());
  EXPECT_TRUE(validator.feed(as_bytes("\x80")));
  EXPECT_TRUE(validator.is_complete());
}

TEST(Utf8PrefixTest, NeverCutsACharacter) {
  const std::string text = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";  // 1 + 2 + 3 + 4 bytes
  const std::vector<std::size_t> kept = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t most = 0; most < kept.size(); ++most) {
    EXPECT_EQ(utf8_prefix(text, most), text.substr(0, kept[most])) << most;
  }
}

}  // namespace
}  // namespace fanfare::ws
