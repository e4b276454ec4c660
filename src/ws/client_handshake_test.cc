#include "ws/client_handshake.h"

#include <string>

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

// The nonce of RFC 6455 section 1.3: "the sample nonce".
ClientHandshake handshake(std::string subprotocol = "", std::string extensions = "") {
  std::array<std::uint8_t, 16> nonce{};
  const std::string_view sample = "the sample nonce";
  std::copy(sample.begin(), sample.end(), nonce.begin());
  return ClientHandshake({.host = "127.0.0.1:6001",
                          .target = "/app/key?protocol=7",
                          .subprotocol = std::move(subprotocol),
                          .extensions = std::move(extensions),
                          .headers = {{"Origin", "http://example.com"}}},
                         nonce);
}

constexpr std::string_view kStatus = "HTTP/1.1 101 Switching Protocols\r\n";
constexpr std::string_view kUpgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\n";
constexpr std::string_view kAccept = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

std::string head(std::string_view a, std::string_view b, std::string_view c, std::string_view d = "") {
  return std::string(a).append(b).append(c).append(d).append("\r\n");
}

TEST(ClientHandshakeTest, WritesTheRequest) {
  EXPECT_EQ(handshake("pusher-channels-protocol-7").request_text(),
            "GET /app/key?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1:6001\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: pusher-channels-protocol-7\r\nOrigin: http://example.com\r\n\r\n");
}

TEST(ClientHandshakeTest, AcceptsTheResponseAndFindsWhereTheFramesBegin) {
  const std::string response = head(kStatus, kUpgrade, kAccept);
  const auto size = handshake().check_response(response + "\x81\x02hi");
  ASSERT_TRUE(size.ok());
  EXPECT_EQ(*size, response.size());
}

TEST(ClientHandshakeTest, WaitsForTheWholeHead) {
  const std::string response = head(kStatus, kUpgrade, kAccept);
  for (std::size_t size = 0; size < response.size(); ++size) {
    const auto taken = handshake().check_response(response.substr(0, size));
    ASSERT_TRUE(taken.ok());
    EXPECT_EQ(*taken, 0U);
  }
}

TEST(ClientHandshakeTest, TakesTheServersOwnResponse) {
  const UpgradeDecision decision = decide_upgrade({.method = "GET",
                                                   .upgrade = "websocket",
                                                   .connection = "Upgrade",
                                                   .key = "dGhlIHNhbXBsZSBub25jZQ==",
                                                   .version = "13",
                                                   .protocols = kPusherSubprotocol});
  EXPECT_TRUE(handshake(std::string(kPusherSubprotocol)).check_response(switching_protocols_response(decision)).ok());
}

TEST(ClientHandshakeTest, SaysWhyAResponseIsNoHandshake) {
  const auto message = [](const std::string& response) { return handshake().check_response(response).error().message; };
  EXPECT_EQ(message(head("HTTP/1.1 404 Not Found\r\n", "", "")),
            "WebSocket handshake: expected status 101 (HTTP/1.1 404 Not Found)");
  const std::string status = " (HTTP/1.1 101 Switching Protocols)";
  EXPECT_EQ(message(head(kStatus, "", kAccept)),
            "WebSocket handshake: expected \"Upgrade: websocket\", got none" + status);
  EXPECT_EQ(message(head(kStatus, "Upgrade: websocket\r\nConnection: close\r\n", kAccept)),
            "WebSocket handshake: expected \"Connection: Upgrade\", got \"close\"" + status);
  EXPECT_EQ(message(head(kStatus, kUpgrade, "Sec-WebSocket-Accept: AAAA\r\n")),
            "WebSocket handshake: Sec-WebSocket-Accept does not fit the key" + status);
  EXPECT_EQ(message(head(kStatus, kUpgrade, kAccept, "Sec-WebSocket-Protocol: chat\r\n")),
            "WebSocket handshake: subprotocol not asked for: \"chat\"" + status);
  EXPECT_EQ(message(head(kStatus, kUpgrade, kAccept, "sec-websocket-extensions: permessage-deflate\r\n")),
            "WebSocket handshake: extension not asked for: \"permessage-deflate\"" + status);
  EXPECT_EQ(message(head(kStatus, kUpgrade, kAccept, "no colon here\r\n")),
            "WebSocket handshake: the response is not HTTP/1.1");
}

TEST(ClientHandshakeTest, AServerMayChooseExtensionsThatWereOffered) {
  const ClientHandshake offering = handshake("", "permessage-deflate; client_max_window_bits");
  EXPECT_NE(
      offering.request_text().find("\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"),
      std::string::npos);
  const auto check = [&](const std::string& extensions) {
    return offering.check_response(head(kStatus, kUpgrade, kAccept, extensions)).ok();
  };
  EXPECT_TRUE(check(""));
  EXPECT_TRUE(check("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover\r\n"));
  EXPECT_FALSE(check("Sec-WebSocket-Extensions: permessage-bzip2\r\n"));
  EXPECT_FALSE(check("Sec-WebSocket-Extensions: permessage-deflate;\r\n"));
}

TEST(ClientHandshakeTest, BoundsTheHead) {
  EXPECT_TRUE(handshake().check_response(std::string(16 * kKiB - 1, 'x')).ok());
  EXPECT_FALSE(handshake().check_response(std::string(16 * kKiB, 'x')).ok());
}

}  // namespace
}  // namespace fanfare::ws
