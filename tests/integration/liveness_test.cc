// Ping and pong at both levels, and what becomes of clients that are silent. Source: REF 2
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using Kind = WsReceived::Kind;

constexpr ws::FrameKind kPingFrame{ws::Opcode::kPing, true, 0};
constexpr ws::FrameKind kPongFrame{ws::Opcode::kPong, true, 0};
constexpr const char* kShortTimeouts = "activity_timeout_seconds = 1\npong_timeout_seconds = 1";

WsOptions silent() {
  WsOptions options;
  options.answers_pings = false;
  return options;
}

TEST(LivenessTest, APingEventIsAnsweredWhateverItsData) {
  const TestServer server;
  const auto client = server.connect();
  for (const char* ping : {R"({"event":"pusher:ping","data":{}})", R"({"event":"pusher:ping"})",
                           R"({"event":"pusher:ping","data":""})", R"({"event":"pusher:ping","data":"{}"})"}) {
    client->send_text(ping);
    EXPECT_EQ(client->next_text(), R"({"event":"pusher:pong","data":"{}"})") << ping;
  }
  client->send_text(R"({"event":"pusher:pong","data":{}})");
  EXPECT_EQ(client->unexpected(), "");
}

TEST(LivenessTest, APingBehindTheUpgradeIsAnsweredAfterTheGreeting) {
  const TestServer server;
  TestSocket socket(server.port());
  const ws::ClientHandshake handshake({.host = "h", .target = connect_target(server.app())}, {});
  socket.send(handshake.request_text() + WsClient::frame({}, R"({"event":"pusher:ping","data":""})"));
  std::string bytes;
  while (bytes.find("pusher:pong") == std::string::npos) ASSERT_TRUE(socket.receive(bytes));
  EXPECT_LT(bytes.find("connection_established"), bytes.find("pusher:pong"));
}

TEST(LivenessTest, APingFrameIsAnsweredWithItsPayload) {
  const TestServer server;
  const auto client = server.connect();
  for (const std::string& payload : {std::string(), std::string("abc"), std::string(125, '\xff')}) {
    client->send_frame(kPingFrame, payload);
    const WsReceived pong = client->next();
    EXPECT_EQ(pong.kind, Kind::kPong);
    EXPECT_EQ(pong.payload, payload);
  }
}

TEST(LivenessTest, ASilentClientIsPingedAndThenClosedWith4201) {
  const TestServer server({.server_lines = kShortTimeouts});
  const auto client = server.connect(0, silent());
  EXPECT_EQ(client->next().kind, Kind::kPing);
  const WsReceived closed = client->next();
  EXPECT_EQ(closed.kind, Kind::kClose);
  EXPECT_EQ(closed.code, 4201);
  EXPECT_EQ(closed.payload, "Pong reply not received");
  EXPECT_EQ(server.metric("fanfare_session_activity_timeouts_total"), 1);
}

TEST(LivenessTest, AnyFrameIsASignOfLife) {
  const TestServer server({.server_lines = kShortTimeouts});
  const auto event = server.connect(0, silent());
  const auto pong = server.connect(0, silent());
  const auto half_message = server.connect(0, silent());
  for (const auto& client : {event.get(), pong.get(), half_message.get()}) EXPECT_EQ(client->next().kind, Kind::kPing);
  event->send_text(R"({"event":"pusher:pong","data":{}})");
  pong->send_frame(kPongFrame, "");
  half_message->send_frame({ws::Opcode::kText, false, 0}, R"({"event":)");
  // Another ping instead of the close that would be due at the same time.
  for (const auto& client : {event.get(), pong.get(), half_message.get()}) EXPECT_EQ(client->next().kind, Kind::kPing);
}

TEST(LivenessTest, WhatTheServerSendsIsNoSignOfLife) {
  const TestServer server({.server_lines = kShortTimeouts});
  const auto client = server.connect(0, silent());
  client->subscribe_and_wait("busy");
  std::atomic<bool> is_over{false};
  std::thread publisher([&] {
    ApiClient api = server.api();
    while (!is_over) api.publish("busy", "e", "1");
  });
  const WsClosed closed = client->wait_closed();
  is_over = true;
  publisher.join();
  EXPECT_EQ(closed.code, 4201);
  EXPECT_FALSE(closed.texts.empty());
}

TEST(LivenessTest, AClientOfProtocol4IsNotPingedAndClosedWith4202AfterLongSilence) {
  const TestServer server({.server_lines = "activity_timeout_seconds = 1\ninactivity_timeout_seconds = 1"});
  PusherClient client(server.port(), server.app(), silent(), 4);
  const WsReceived closed = client.next();
  EXPECT_EQ(closed.kind, Kind::kClose);
  EXPECT_EQ(closed.code, 4202);
}

}  // namespace
}  // namespace fanfare::test
