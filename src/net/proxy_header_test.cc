#include "net/proxy_header.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace fanfare::net {
namespace {

using Outcome = ProxyHeader::Outcome;

ProxyHeader parse(std::string_view text) { return parse_proxy_header(as_bytes(text)); }

// A block of version 2.
std::string block(char version_and_command, char family, std::string_view payload) {
  std::string text("\r\n\r\n\0\r\nQUIT\n", 12);
  text += version_and_command;
  text += family;
  text += static_cast<char>(payload.size() >> 8U);
  text += static_cast<char>(payload.size() & 0xFFU);
  return text.append(payload);
}

constexpr std::string_view kTcp4{"\xC0\x00\x02\x01\xC6\x33\x64\x01\xDC\x04\x01\xBB", 12};  // 192.0.2.1:56324
const std::string kTcp6 = std::string("\x20\x01\x0D\xB8\0\0\0\0\0\0\0\0\0\0\0\x07", 16) + std::string(16, '\1') +
                          std::string("\xDC\x04\x01\xBB", 4);

// Every beginning of `header` is one; with it all, and with more behind it, it is complete.
void expect_complete(const std::string& header, const std::string& client) {
  for (std::size_t size = 0; size < header.size(); ++size) {
    EXPECT_EQ(parse(header.substr(0, size)).outcome, Outcome::kIncomplete) << size;
  }
  for (const std::string& behind : {std::string(), std::string("GET / HTTP/1.1\r\n"), std::string("\x16\x03\x01")}) {
    const ProxyHeader parsed = parse(header + behind);
    EXPECT_EQ(parsed.outcome, Outcome::kComplete);
    EXPECT_EQ(parsed.size, header.size());
    EXPECT_EQ(parsed.client.is_valid() ? parsed.client.to_string() : "none", client);
  }
}

TEST(ProxyHeaderTest, Version1NamesTheClient) {
  expect_complete("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "192.0.2.1:56324");
  expect_complete("PROXY TCP6 2001:db8::7 ::1 56324 443\r\n", "[2001:db8::7]:56324");
  expect_complete("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\r\n", "255.255.255.255:65535");
  expect_complete(
      "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n",
      "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff1]:65535");
  expect_complete("PROXY TCP4 192.0.2.1 198.51.100.1 0 0\r\n", "192.0.2.1:0");
}

TEST(ProxyHeaderTest, Version1MayNotKnow) {
  expect_complete("PROXY UNKNOWN\r\n", "none");
  expect_complete("PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n", "none");
}

TEST(ProxyHeaderTest, Version1IsHeldToItsForm) {
  for (const char* line :
       {"PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n", "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443 1\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 56324 65536\r\n", "PROXY TCP4 192.0.2.1 198.51.100.1 -1 443\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 056 443\r\n", "PROXY TCP4 192.0.2.256 198.51.100.1 56324 443\r\n",
        "PROXY TCP4 ::1 ::1 56324 443\r\n", "PROXY TCP5 192.0.2.1 198.51.100.1 56324 443\r\n",
        "PROXY TCP4 localhost 198.51.100.1 56324 443\r\n", "PROXY  TCP4 192.0.2.1 198.51.100.1 56324 443\r\n",
        "PROXY \r\n", "proxy TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "PROXY TCP6 [::1] ::1 1 1\r\n",
        "GET / HTTP/1.1\r\n"}) {
    EXPECT_EQ(parse(line).outcome, Outcome::kInvalid) << line;
  }
}

TEST(ProxyHeaderTest, Version1EndsWithin107Bytes) {
  const std::string begin = "PROXY UNKNOWN ";
  const std::string longest = begin + std::string(105 - begin.size(), 'x');
  EXPECT_EQ(parse(longest + "\r\n").outcome, Outcome::kComplete);
  EXPECT_EQ(parse(longest + "\r").outcome, Outcome::kIncomplete);
  EXPECT_EQ(parse(longest + "x\r\n").outcome, Outcome::kInvalid);
  EXPECT_EQ(parse(longest + "xx").outcome, Outcome::kInvalid);
}

TEST(ProxyHeaderTest, Version2NamesTheClient) {
  expect_complete(block('\x21', '\x11', kTcp4), "192.0.2.1:56324");
  expect_complete(block('\x21', '\x21', kTcp6), "[2001:db8::7]:56324");
  expect_complete(block('\x21', '\x11', std::string(kTcp4) + std::string("\x04\x00\x01\x00", 4)), "192.0.2.1:56324");
}

TEST(ProxyHeaderTest, Version2MaySpeakForItselfOrOfOtherFamilies) {
  expect_complete(block('\x20', '\0', ""), "none");                        // LOCAL
  expect_complete(block('\x20', '\x11', kTcp4), "none");                   // LOCAL: what it says is passed over
  expect_complete(block('\x21', '\0', "ignored"), "none");                 // UNSPEC
  expect_complete(block('\x21', '\x12', kTcp4), "none");                   // UDP
  expect_complete(block('\x21', '\x31', std::string(216, '\0')), "none");  // Unix
}

TEST(ProxyHeaderTest, Version2IsHeldToItsForm) {
  EXPECT_EQ(parse(block('\x11', '\x11', kTcp4)).outcome, Outcome::kInvalid);  // version 1
  EXPECT_EQ(parse(block('\x22', '\x11', kTcp4)).outcome, Outcome::kInvalid);  // no such command
  EXPECT_EQ(parse(block('\x21', '\x11', kTcp4.substr(1))).outcome, Outcome::kInvalid);
  EXPECT_EQ(parse(block('\x21', '\x21', kTcp6.substr(1))).outcome, Outcome::kInvalid);
  std::string other = block('\x21', '\x11', kTcp4);
  other[11] = 'x';
  EXPECT_EQ(parse(other).outcome, Outcome::kInvalid);
}

TEST(ProxyHeaderTest, Version2IsBounded) {
  const std::string longest = block('\x21', '\x11', std::string(kTcp4) + std::string(kProxyHeaderBytesMax - 28, 'x'));
  EXPECT_EQ(parse(longest).outcome, Outcome::kComplete);
  const std::string longer = block('\x21', '\x11', std::string(kTcp4) + std::string(kProxyHeaderBytesMax - 27, 'x'));
  EXPECT_EQ(parse(longer.substr(0, 16)).outcome, Outcome::kInvalid);  // said before it is waited for
}

}  // namespace
}  // namespace fanfare::net
