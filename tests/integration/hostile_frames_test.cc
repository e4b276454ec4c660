// WebSocket clients that break RFC 6455, or use it against the server: a precise close code, and a second client never
// notices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hostile_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class HostileFramesTest : public HostileTest {
 protected:
  // The code with which the server closes a client that sends these bytes.
  std::uint16_t close_code_for(std::string_view bytes) {
    const auto client = server().connect();
    client->socket().send(bytes);
    return client->wait_closed().code;
  }
};

TEST_P(HostileFramesTest, BrokenFramesAreClosedWithTheirCode) {
  using ws::Opcode;
  const std::string masked_text("\x81\x81\x00\x00\x00\x00x", 7);
  const std::pair<std::string, std::uint16_t> cases[] = {
      {std::string("\x81\x01x", 3), 1002},                                                  // not masked
      {std::string("\xc1\x81\x00\x00\x00\x00x", 7), 1002},                                  // a reserved bit
      {std::string("\x83\x80\x00\x00\x00\x00", 6), 1002},                                   // a reserved opcode
      {std::string("\x8b\x80\x00\x00\x00\x00", 6), 1002},                                   // a reserved control opcode
      {std::string("\x80\x80\x00\x00\x00\x00", 6), 1002},                                   // nothing to continue
      {std::string("\x09\x80\x00\x00\x00\x00", 6), 1002},                                   // a ping in fragments
      {std::string("\x89\xfe\x00\x7e\x00\x00\x00\x00", 8), 1002},                           // a ping of 126 bytes
      {std::string("\x81\xfe\x00\x7d\x00\x00\x00\x00", 8), 1002},                           // 125 in the long form
      {std::string("\x81\xff\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00", 14), 1002},  // the highest bit of 64
      {std::string("\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00", 14), 1009},  // an announcement of 2^63
      {std::string("\x88\x81\x00\x00\x00\x00x", 7), 1002},                                  // half a close code
      {WsClient::frame({Opcode::kClose, true, 0}, "\x03\xed"), 1002},                       // 1005 is not for the wire
      {WsClient::frame({Opcode::kClose, true, 0}, "\x03\xe8\xff"), 1007},                   // a reason that is no UTF-8
      {WsClient::frame({Opcode::kText, false, 0}, "a") + masked_text, 1002},  // a message inside a message
      {WsClient::frame({}, "\xc3\x28"), 1007},
      {WsClient::frame({}, "\xed\xa0\x80"), 1007},                     // a surrogate
      {WsClient::frame({Opcode::kText, false, 0}, "\xf4\x90"), 1007},  // wrong at once, not at the end
  };
  for (const auto& [bytes, code] : cases) {
    SCOPED_TRACE(testing::PrintToString(bytes));
    EXPECT_EQ(close_code_for(bytes), code);
  }
  expect_others_unharmed();
}

TEST_P(HostileFramesTest, MessagesBeyondTheLimitAreClosedWith1009) {
  const std::string most(100 * 1024, 'x');
  EXPECT_EQ(close_code_for(WsClient::frame({}, most + "x")), 1009);
  EXPECT_EQ(close_code_for(WsClient::frame({ws::Opcode::kText, false, 0}, most) +
                           WsClient::frame({ws::Opcode::kContinuation, true, 0}, "x")),
            1009);
  const auto client = server().connect();
  client->send_text(R"({"event":"pusher:pong","data":")" + std::string(100 * 1024 - 33, 'x') + R"("})");
  EXPECT_EQ(client->unexpected(), "");
  expect_others_unharmed();
}

TEST_P(HostileFramesTest, AMessageOfCountlessFragmentsIsClosedWith1008) {
  const auto client = server().connect();
  std::string bytes = WsClient::frame({ws::Opcode::kText, false, 0}, "");
  for (int i = 0; i < 2000; ++i) bytes += WsClient::frame({ws::Opcode::kContinuation, false, 0}, "");
  static_cast<void>(client->socket().try_send(bytes));
  EXPECT_EQ(client->wait_closed().code, 1008);
  expect_others_unharmed();
}

TEST_P(HostileFramesTest, JsonThatIsDeepWideOrNoneIsRefusedAndTheConnectionStays) {
  const auto client = server().connect();
  const std::string deep = std::string(40'000, '[') + std::string(40'000, ']');
  std::string wide = R"({"event":"pusher:subscribe","data":{"channel":"a")";
  for (int i = 0; i < 5000; ++i) wide += R"(,"k)" + std::to_string(i) + R"(":1)";
  for (const std::string& text :
       {deep, R"({"event":"pusher:subscribe","data":)" + deep + "}", std::string("{"), std::string("\"\""),
        std::string("[]"), std::string("null"), std::string(R"({"event":{}})"), std::string(R"({"event":"e","event":)"),
        std::string(), std::string(R"({"event":"\ud800"})"), std::string(90'000, ' '),
        std::string(R"({"event":"pusher:subscribe","data":"[[[["})")}) {
    client->send_text(text);
    EXPECT_THAT(client->next_text(), HasSubstr("pusher:error")) << text.substr(0, 100);
  }
  client->send_text(wide + "}}");
  EXPECT_EQ(client->next_text(), subscription_succeeded("a"));
  EXPECT_EQ(client->unexpected(), "");
  expect_others_unharmed();
}

TEST_P(HostileFramesTest, NamesOfUnknownEventsAreShownInPart) {
  const auto client = server().connect();
  client->send_text(R"({"event":")" + std::string(90'000, 'x') + R"("})");
  const std::string text = client->next_text();
  EXPECT_THAT(text, HasSubstr("Unsupported event received on socket: xxx"));
  EXPECT_LT(text.size(), 1000U);
}

TEST_P(HostileFramesTest, AFloodOfPings) {
  const auto client = server().connect();
  std::string pings;
  for (int i = 0; i < 5000; ++i) pings += WsClient::frame({ws::Opcode::kPing, true, 0}, "p");
  client->socket().send(pings);
  for (int i = 0; i < 5000; ++i) ASSERT_EQ(client->next().kind, WsReceived::Kind::kPong);
  expect_others_unharmed();
}

// As many answers as one read asks for: they are not taken for a slow client's.
TEST_P(HostileFramesTest, AFloodOfCommands) {
  const auto client = server().connect();
  std::string commands;
  for (int i = 0; i < 6000; ++i) commands += WsClient::frame({}, R"({"event":"pusher:ping"})");
  client->socket().send(commands);
  for (int i = 0; i < 6000; ++i) ASSERT_EQ(client->next_text(), R"({"event":"pusher:pong","data":"{}"})");
  expect_others_unharmed();
}

TEST_P(HostileFramesTest, AFloodOfTinyFrames) {
  const auto client = server().connect();
  std::string bytes;
  for (int round = 0; round < 500; ++round) {
    std::string text = R"({"event":"pusher:pong"})";
    bytes += WsClient::frame({ws::Opcode::kText, false, 0}, "");
    for (const char c : text) bytes += WsClient::frame({ws::Opcode::kContinuation, false, 0}, std::string(1, c));
    bytes += WsClient::frame({ws::Opcode::kContinuation, true, 0}, "");
  }
  client->socket().send(bytes);
  EXPECT_EQ(client->unexpected(), "");
  expect_others_unharmed();
}

TEST_P(HostileFramesTest, AFloodOfSubscribesAndUnsubscribes) {
  const auto client = server().connect();
  std::string bytes;
  for (int i = 0; i < 3000; ++i) {
    const std::string channel = "flood-" + std::to_string(i % 50);
    bytes += WsClient::frame({}, R"({"event":"pusher:subscribe","data":{"channel":")" + channel + R"("}})");
    bytes += WsClient::frame({}, R"({"event":"pusher:unsubscribe","data":{"channel":")" + channel + R"("}})");
  }
  client->socket().send(bytes);
  client->subscribe("the-end");
  while (client->next_text() != subscription_succeeded("the-end")) {
  }
  client->unsubscribe("the-end");
  EXPECT_EQ(client->unexpected(), "");
  expect_others_unharmed();
  wait_until("nothing of it is left", [&] { return server().metric("fanfare_core_channels") == 1; });
}

TEST_P(HostileFramesTest, EndsInTheMiddleOfAFrame) {
  const std::string message = WsClient::frame({}, R"({"event":"pusher:subscribe","data":{"channel":"a"}})");
  for (std::size_t at = 1; at < message.size(); at += 5) {
    const auto closed = server().connect();
    closed->socket().send(message.substr(0, at));
    closed->socket().close();
    const auto reset = server().connect();
    reset->socket().send(message.substr(0, at));
    reset->socket().reset();
    const auto half_closed = server().connect();
    half_closed->socket().send(message.substr(0, at));
    half_closed->socket().end();
    EXPECT_EQ(half_closed->wait_closed().code, 0);
  }
  expect_others_unharmed();
}

TEST_P(HostileFramesTest, BytesBehindACloseFrameAreIgnored) {
  const auto client = server().connect();
  client->socket().send(WsClient::frame({ws::Opcode::kClose, true, 0}, "\x03\xe8") +
                        WsClient::frame({}, R"({"event":"pusher:subscribe","data":{"channel":"a"}})") +
                        std::string(10'000, '\xff'));
  const WsClosed closed = client->wait_closed();
  EXPECT_EQ(closed.code, 1000);
  EXPECT_TRUE(closed.texts.empty());
  expect_others_unharmed();
}

FANFARE_WITH_LOOPS(HostileFramesTest);

}  // namespace
}  // namespace fanfare::test
