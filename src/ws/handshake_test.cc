#include "ws/handshake.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

UpgradeRequest good_request() {
  return {.method = "GET",
          .http_major = 1,
          .http_minor = 1,
          .upgrade = "websocket",
          .connection = "Upgrade",
          .key = "dGhlIHNhbXBsZSBub25jZQ==",
          .version = "13",
          .protocols = ""};
}

std::string header(const UpgradeDecision& decision, std::string_view name) {
  for (const HeaderField& field : decision.headers) {
    if (field.name == name) return std::string(field.value);
  }
  return {};
}

void expect_refused(const UpgradeRequest& request, int status, std::string_view reason) {
  const UpgradeDecision decision = decide_upgrade(request);
  EXPECT_EQ(decision.verdict, UpgradeVerdict::kRefused) << reason;
  EXPECT_EQ(decision.status, status);
  EXPECT_EQ(decision.reason, reason);
}

TEST(HandshakeTest, MakesTheAcceptValueOfSection13) {
  EXPECT_EQ(accept_for_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

TEST(HandshakeTest, AcceptsTheRequestOfSection12) {
  const UpgradeDecision decision = decide_upgrade(good_request());
  ASSERT_EQ(decision.verdict, UpgradeVerdict::kAccepted);
  EXPECT_EQ(decision.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_EQ(decision.subprotocol, "");
}

TEST(HandshakeTest, TakesTokensInAnyCaseAndCompany) {
  UpgradeRequest request = good_request();
  request.upgrade = "WebSocket";
  request.connection = "keep-alive, Upgrade";  // Firefox
  EXPECT_EQ(decide_upgrade(request).verdict, UpgradeVerdict::kAccepted);
}

TEST(HandshakeTest, LeavesOrdinaryRequestsAlone) {
  UpgradeRequest request = good_request();
  request.key = {};
  for (const std::string_view upgrade : {"", "h2c", "websockets"}) {
    request.upgrade = upgrade;
    EXPECT_EQ(decide_upgrade(request).verdict, UpgradeVerdict::kNotAnUpgrade) << upgrade;
  }
}

TEST(HandshakeTest, SaysThatAProxyDroppedTheUpgradeHeader) {
  UpgradeRequest request = good_request();
  request.upgrade = {};
  expect_refused(request, 426,
                 "Sec-WebSocket-Key without \"Upgrade: websocket\"; does a proxy in front drop the Upgrade header? "
                 "Upgrade: none");
  EXPECT_EQ(header(decide_upgrade(request), "Upgrade"), "websocket");
}

TEST(HandshakeTest, RefusesOtherMethods) {
  UpgradeRequest request = good_request();
  request.method = "POST";
  expect_refused(request, 405, "a WebSocket handshake is a GET request, not \"POST\"");
  EXPECT_EQ(header(decide_upgrade(request), "Allow"), "GET");
}

TEST(HandshakeTest, RefusesHttp10) {
  UpgradeRequest request = good_request();
  request.http_minor = 0;
  expect_refused(request, 400, "a WebSocket handshake needs HTTP/1.1, not HTTP/1.0");
}

TEST(HandshakeTest, RefusesWithoutConnectionUpgrade) {
  UpgradeRequest request = good_request();
  request.connection = "keep-alive";
  expect_refused(request, 400, "expected \"Connection: Upgrade\", got \"keep-alive\"; does a proxy in front drop it?");
}

TEST(HandshakeTest, AnswersOtherVersionsWith426AndItsOwn) {
  for (const std::string_view version : {"8", "", "13, 8", "113"}) {
    UpgradeRequest request = good_request();
    request.version = version;
    const UpgradeDecision decision = decide_upgrade(request);
    EXPECT_EQ(decision.status, 426) << version;
    EXPECT_EQ(header(decision, "Sec-WebSocket-Version"), "13");
    EXPECT_EQ(header(decision, "Upgrade"), "websocket");
  }
}

TEST(HandshakeTest, RefusesKeysThatAreNot16Bytes) {
  const std::vector<std::string_view> bad = {"",
                                             "dGhlIHNhbXBsZSBub25jZQ=",
                                             "dGhlIHNhbXBsZSBub25jZQ",
                                             "dGhlIHNhbXBsZSBub25jZQAA",     // 18 bytes
                                             "dGhlIHNhbXBsZSBub25jZQA=",     // 17 bytes
                                             "dGhlIHNhbXBsZSBub25jZ===",     // malformed
                                             "dGhlIHNhbXBsZSBub25j!Q==",     // not in the alphabet
                                             "dGhlIHNhbXBsZSBub25j_Q==",     // of another alphabet
                                             "dGhlIHNhbXBsZSBub25jZQ==,x"};  // twice
  for (const std::string_view key : bad) {
    UpgradeRequest request = good_request();
    request.key = key;
    EXPECT_EQ(decide_upgrade(request).status, 400) << key;
  }
}

TEST(HandshakeTest, KeepsReasonsShortAndPrintable) {
  UpgradeRequest request = good_request();
  const std::string key = "\r\n\x01" + std::string(1000, 'k');
  request.key = key;
  const std::string reason = decide_upgrade(request).reason;
  EXPECT_LT(reason.size(), 200U);
  EXPECT_EQ(reason.find('\r'), std::string::npos);
}

TEST(HandshakeTest, EchoesThePusherSubprotocolOnlyWhenOffered) {
  UpgradeRequest request = good_request();
  request.protocols = "chat, pusher-channels-protocol-7";
  EXPECT_EQ(decide_upgrade(request).subprotocol, "pusher-channels-protocol-7");
  request.protocols = "chat, pusher-channels-protocol-77";
  EXPECT_EQ(decide_upgrade(request).subprotocol, "");
}

TEST(HandshakeTest, ExtensionsMustBeWrittenAsTheRfcSays) {
  UpgradeRequest request = good_request();
  for (const char* extensions :
       {"", "permessage-deflate; client_max_window_bits", "permessage-deflate; unknown=1, x"}) {
    request.extensions = extensions;
    EXPECT_EQ(decide_upgrade(request).verdict, UpgradeVerdict::kAccepted) << extensions;
  }
  request.extensions = "permessage-deflate; server_max_window_bits=";
  const UpgradeDecision decision = decide_upgrade(request);
  EXPECT_EQ(decision.verdict, UpgradeVerdict::kRefused);
  EXPECT_EQ(decision.status, 400);
  EXPECT_EQ(decision.reason,
            "expected Sec-WebSocket-Extensions such as \"permessage-deflate; client_max_window_bits\", got "
            "\"permessage-deflate; server_max_window_bi…\"");
}

TEST(HandshakeTest, WritesThe101Response) {
  UpgradeRequest request = good_request();
  EXPECT_EQ(switching_protocols_response(decide_upgrade(request)),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
  request.protocols = kPusherSubprotocol;
  const std::vector<HeaderField> more = {{"Server", "fanfare"}};
  EXPECT_EQ(switching_protocols_response(decide_upgrade(request), more),
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"
            "Sec-WebSocket-Protocol: pusher-channels-protocol-7\r\nServer: fanfare\r\n\r\n");
}

}  // namespace
}  // namespace fanfare::ws
