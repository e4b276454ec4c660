// Requests that are refused: smuggling shapes, and what is no HTTP at all.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "http/request_parser.h"

namespace fanfare::http {
namespace {

int status_of(std::string_view text) {
  const RequestLimits limits;
  RequestParser parser(limits);
  std::vector<std::uint8_t> memory(text.begin(), text.end());
  memory.resize(memory.size() + kSpareBytes);
  const auto step = parser.feed({memory.data(), text.size()}, kSpareBytes);
  if (step.outcome == RequestParser::Outcome::kComplete) return 200;
  if (step.outcome == RequestParser::Outcome::kNeedsMore) return 0;
  EXPECT_FALSE(parser.error().text.empty());
  EXPECT_EQ(parser.error().text.find_first_of("\r\n"), std::string::npos);
  EXPECT_LT(parser.error().text.size(), 200U);
  return parser.error().status;
}

// `lines` go behind a Host header, `body` behind the head.
int status_with(std::string_view lines, std::string_view body = {}) {
  return status_of("POST / HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n" + std::string(body));
}

TEST(HostileRequestTest, TwoWaysToFindTheEndAreRefused) {
  EXPECT_EQ(status_with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400);
  EXPECT_EQ(status_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n"), 400);
  EXPECT_EQ(status_with("Content-Length: 1\r\nContent-Length: 2\r\n", "ab"), 400);
  EXPECT_EQ(status_with("Content-Length: 1\r\nContent-Length: 1\r\n", "a"), 400);
  EXPECT_EQ(status_with("Content-Length: 1, 1\r\n", "a"), 400);
  EXPECT_EQ(status_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400);
}

TEST(HostileRequestTest, ContentLengthIsADecimalNumber) {
  for (const std::string_view value : {"+5", "-1", "0x5", "5 5", "5;", "", "1e1", "\"5\""}) {
    EXPECT_EQ(status_with("Content-Length: " + std::string(value) + "\r\n", "abcde"), 400) << value;
  }
  EXPECT_EQ(status_with("Content-Length: 0005\r\n", "abcde"), 200);
  EXPECT_NE(status_with("Content-Length: 99999999999999999999\r\n"), 0);
}

TEST(HostileRequestTest, OtherCodingsThanChunkedAreNotImplemented) {
  EXPECT_EQ(status_with("Transfer-Encoding: gzip\r\n"), 501);
  EXPECT_EQ(status_with("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501);
  EXPECT_EQ(status_with("Transfer-Encoding: chunked, gzip\r\n", "0\r\n\r\n"), 501);
  EXPECT_EQ(status_with("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), 501);
  EXPECT_EQ(status_with("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n"), 501);
  EXPECT_EQ(status_with("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n"), 200);
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
  EXPECT_EQ(status_of("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"), 501);
}

TEST(HostileRequestTest, HeaderLinesAreStrict) {
  EXPECT_EQ(status_with("X: a\r\n b\r\n"), 400);
  EXPECT_EQ(status_with("X: a\r\n\tb\r\n"), 400);
  EXPECT_EQ(status_with("X : a\r\n"), 400);
  EXPECT_EQ(status_with(" X: a\r\n"), 400);
  EXPECT_EQ(status_with(": a\r\n"), 400);
  EXPECT_EQ(status_with("X\r\n"), 400);
  EXPECT_EQ(status_with("X(: a\r\n"), 400);
  EXPECT_EQ(status_with("X: a\n"), 400);
  EXPECT_EQ(status_with("X: a\rb\r\n"), 400);
  EXPECT_EQ(status_with("X: a\r\r\n"), 400);
  EXPECT_EQ(status_with(std::string_view("X: a\0b\r\n", 8)), 400);
  EXPECT_EQ(status_with("X: a\x7F\r\n"), 400);
  EXPECT_EQ(status_with("X: \xC3\xA4\r\n"), 200);
}

TEST(HostileRequestTest, RequestLinesAreStrict) {
  const std::string rest = "\r\nHost: h\r\n\r\n";
  for (const std::string_view line :
       {"GET  / HTTP/1.1", "GET /", "GET / HTTP/1.1 ", "GET / http/1.1", "GET\t/ HTTP/1.1", "GET /a b HTTP/1.1",
        "GET x HTTP/1.1", "G@T / HTTP/1.1", "GET http:// HTTP/1.1", "GET / HTTP/11", "GET / HTTP/1.",
        "GET /\x01 HTTP/1.1", "GET * HTTP/1.1"}) {
    EXPECT_EQ(status_of(std::string(line) + rest), 400) << line;
  }
  EXPECT_EQ(status_of("GET / HTTP/2.0" + rest), 505);
  EXPECT_EQ(status_of("GET / HTTP/1.2" + rest), 505);
  EXPECT_EQ(status_of("GET / HTTP/0.9" + rest), 505);
  EXPECT_EQ(status_of("OPTIONS * HTTP/1.1" + rest), 200);
  EXPECT_EQ(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
}

TEST(HostileRequestTest, WhatIsNotHttpIsRefusedWithItsFirstBytes) {
  EXPECT_EQ(status_of("\x16\x03\x01"), 400);
  EXPECT_EQ(status_of("{\"a\":1}"), 400);
  EXPECT_EQ(status_of("\nGET / HTTP/1.1"), 400);
  EXPECT_EQ(status_of("\rGET / HTTP/1.1"), 400);
}

TEST(HostileRequestTest, OneHostIsNeeded) {
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.0\r\n\r\n"), 200);
}

TEST(HostileRequestTest, TrailersChangeNothing) {
  EXPECT_EQ(status_with("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\nConnection: close\r\n\r\n"), 200);
}

}  // namespace
}  // namespace fanfare::http
