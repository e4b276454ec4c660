#include "http/chunked_decoder.h"

#include <limits>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace fanfare::http {
namespace {

using Outcome = ChunkedDecoder::Outcome;

// The body and what came of it, fed in pieces of `step` bytes.
std::string decode(std::string_view text, std::size_t step, std::uint64_t body_bytes_max = 100) {
  ChunkedDecoder decoder;
  decoder.begin(body_bytes_max);
  std::string body;
  for (std::size_t at = 0; at < text.size();) {
    const ChunkedDecoder::Step result = decoder.next(as_bytes(text.substr(at, step)));
    at += result.consumed;
    body.append(as_text(result.data));
    if (result.outcome == Outcome::kError) return body + "!error";
    if (result.outcome == Outcome::kTooLarge) return body + "!too large";
    if (result.outcome == Outcome::kEnd) return body + "|" + std::string(text.substr(at));
  }
  return body + "...";
}

void expect(std::string_view text, std::string_view result) {
  for (std::size_t step = 1; step <= text.size(); ++step)
    EXPECT_EQ(decode(text, step), result) << text << " by " << step;
}

TEST(ChunkedDecoderTest, JoinsChunks) {
  expect("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\nGET", "hello world|GET");
  expect("0\r\n\r\n", "|");
  expect("A\r\n0123456789\r\n0a\r\nabcdefghij\r\n000\r\n\r\n", "0123456789abcdefghij|");
}

TEST(ChunkedDecoderTest, ReadsOverExtensionsAndTrailers) {
  expect("2;name=\"value\"\r\nab\r\n0 ;last\r\nX-Sum: 1\r\nY: 2\r\n\r\nrest", "ab|rest");
}

TEST(ChunkedDecoderTest, IsStrictAboutSizesAndLineEnds) {
  for (const std::string_view text : {"x\r\n", "\r\n", "0x5\r\nhello", "-1\r\n", "5 \r\nhello", "5\nhello", "5\rhello",
                                      ";a\r\n", "5 5\r\n", "+5\r\n", "00000000000000005\r\nhello"}) {
    EXPECT_EQ(decode(text, text.size()), "!error") << text;
  }
  expect("5\r\nhelloX\r\n", "hello!error");
  expect("5\r\nhello\n", "hello!error");
  expect("0\r\n folded\r\n\r\n", "!error");
  expect("0\r\nX: \x01\r\n\r\n", "!error");
}

TEST(ChunkedDecoderTest, TheBodyIsBounded) {
  EXPECT_EQ(decode("5\r\nhello\r\n", 100, 4), "!too large");
  EXPECT_EQ(decode("5\r\nhello\r\n0\r\n\r\n", 100, 5), "hello|");
  EXPECT_EQ(decode("5\r\nhello\r\n1\r\n!\r\n", 100, 5), "hello!too large");
  EXPECT_EQ(decode("FFFFFFFFFFFFFFFF\r\n", 100, std::numeric_limits<std::uint64_t>::max() - 1), "!too large");
}

TEST(ChunkedDecoderTest, ExtensionsAndTrailersAreBounded) {
  const auto trailer_of = [](std::size_t size) { return "0\r\n" + std::string(size - 1, 'x') + "\r\n\r\n"; };
  EXPECT_EQ(decode(trailer_of(ChunkedDecoder::kOverheadBytesMax), 1000), "|");
  EXPECT_EQ(decode(trailer_of(ChunkedDecoder::kOverheadBytesMax + 1), 1000), "!error");
}

}  // namespace
}  // namespace fanfare::http
