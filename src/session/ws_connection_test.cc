#include "session/ws_connection.h"

#include "session/ws_connection_test_support.h"

namespace fanfare::session {
namespace {

TEST_F(WsConnectionTest, GreetsAndAnswersMessages) {
  open();
  ASSERT_TRUE(turn_until([&] {
    peer_->receive();
    return peer_->received.ends_with("}");
  }));
  EXPECT_EQ(peer_->received.substr(2, 40), R"({"event":"pusher:connection_established")");
  peer_->received.clear();
  send_and_turn(client_frame(R"({"event":"pusher:ping"})"));
  const std::string pong = bytes_of(ws::encode_text_frame(R"({"event":"pusher:pong","data":"{}"})"));
  EXPECT_TRUE(receive_until(pong));
}

TEST_F(WsConnectionTest, AnswersAPingFrameWithItsPayload) {
  open();
  greet();
  send_and_turn(client_frame("are you there", ws::Opcode::kPing));
  EXPECT_TRUE(receive_until(bytes_of(ws::pong_frame(as_bytes(std::string_view("are you there"))))));
}

TEST_F(WsConnectionTest, ReadsABinaryMessageOfJsonLikeText) {
  open();
  greet();
  send_and_turn(client_frame(R"({"event":"pusher:ping"})", ws::Opcode::kBinary));
  EXPECT_TRUE(receive_until(bytes_of(ws::encode_text_frame(R"({"event":"pusher:pong","data":"{}"})"))));
}

TEST_F(WsConnectionTest, AClosingClientIsAnsweredWithItsCode) {
  open();
  greet();
  send_and_turn(client_frame(std::string("\x03\xe8", 2) + "bye", ws::Opcode::kClose));
  EXPECT_EQ(received_to_the_end(), bytes_of(ws::close_frame(ws::CloseCode::kNormal, "bye")));
  EXPECT_EQ(stats.closed_by_client.value(), 1U);
  peer_->close();
  EXPECT_TRUE(turn_until([&] { return list_->size() == 0; }));
  EXPECT_EQ(stats.connections.value(), 0);
  EXPECT_EQ(app->usage->connections.load(), 0U);
}

TEST_F(WsConnectionTest, AProtocolErrorIsClosedAndCounted) {
  open();
  greet();
  send_and_turn(std::string("\x81\x02hi", 4));  // not masked
  const std::string end = received_to_the_end();
  ASSERT_GE(end.size(), 4U);
  EXPECT_EQ(end.substr(2, 2), std::string("\x03\xea", 2));
  EXPECT_EQ(stats.closed.entries()[0].code.load(), 1002);
  EXPECT_EQ(stats.closed_by_client.value(), 0U);
}

TEST_F(WsConnectionTest, AMessageAboveTheLimitIs1009) {
  options.message_bytes_max = 100;
  open();
  greet();
  send_and_turn(client_frame(std::string(101, ' ')));
  EXPECT_EQ(received_to_the_end().substr(2, 2), std::string("\x03\xf1", 2));
}

TEST_F(WsConnectionTest, WhatComesBehindTheCloseIsIgnored) {
  open();
  greet();
  connection_->drain();
  send_and_turn(client_frame(R"({"event":"pusher:ping"})"));
  EXPECT_EQ(received_to_the_end(),
            bytes_of(ws::close_frame(static_cast<ws::CloseCode>(4200), "Please reconnect immediately")));
  EXPECT_EQ(stats.messages_in.value(), 0U);
}

TEST_F(WsConnectionTest, AClientThatGoesWithoutAWordIsCleanedUp) {
  open();
  greet();
  send_and_turn(client_frame(subscribe_text("orders")));
  peer_->close();
  EXPECT_TRUE(turn_until([&] { return list_->size() == 0; }));
  EXPECT_EQ(stats.closed_by_client.value(), 1U);
  EXPECT_EQ(loops[0].stats().subscriptions.value(), 0);
}

TEST_F(WsConnectionTest, AReloadReachesTheSession) {
  open();
  greet();
  apps->replace(std::make_shared<const core::AppTable>(std::vector<core::App>{}, apps->table()));
  connection_->on_apps_changed();
  connection_->on_apps_changed();
  EXPECT_EQ(received_to_the_end().substr(2, 2), std::string("\x0f\xa1", 2));
}

// A client that does not read: what it is told no longer fits.
class SlowConsumerTest : public WsConnectionTest {
 protected:
  SlowConsumerTest() { app_settings.limits.send_queue_bytes = 64 * 1024; }

  void subscribe_and_stop_reading() {
    open();
    greet();
    send_and_turn(client_frame(subscribe_text("orders")));
    ASSERT_TRUE(receive_until(succeeded("orders")));
    peer_->received.clear();
  }
  // Publishes and turns, `count` times a KiB, each numbered.
  void publish(int count) {
    for (int i = 0; i < count; ++i) {
      std::string data = std::to_string(published_++) + ":";
      data.resize(1024, 'x');
      ASSERT_TRUE(loops.publish(0, app, "orders", json_string(data)).ok());
      loops.settle();
      loop->turn(std::chrono::milliseconds{0});
    }
  }

  int published_ = 0;
};

TEST_F(SlowConsumerTest, IsClosedWith4100ByDefault) {
  subscribe_and_stop_reading();
  while (stats.slow_consumers.value() == 0 && published_ < 20'000) publish(100);
  EXPECT_EQ(stats.slow_consumers.value(), 1U);
  EXPECT_EQ(stats.events_dropped.value(), 0U);
  const std::string end = received_to_the_end();
  EXPECT_NE(end.find(std::string("\x10\x04", 2) + "Slow consumer"), std::string::npos);
}

TEST_F(SlowConsumerTest, KeepsTheNewestEventsWhereTheAppDropsTheOldest) {
  app_settings.slow_consumer = core::SlowConsumerPolicy::kDropOldest;
  subscribe_and_stop_reading();
  while (stats.events_dropped.value() == 0 && published_ < 20'000) publish(100);
  publish(200);
  EXPECT_GT(stats.events_dropped.value(), 100U);
  EXPECT_EQ(stats.slow_consumers.value(), 0U);
  const std::string newest = std::to_string(published_ - 1) + ":";
  EXPECT_TRUE(turn_until([&] {
    peer_->receive();
    return peer_->received.find(newest) != std::string::npos;
  }));
}

TEST_F(SlowConsumerTest, IsNotReadUntilItReads) {
  subscribe_and_stop_reading();
  while (loop->stats().send_stalls.value() == 0 && published_ < 20'000) publish(1);
  publish(40);  // above the high mark, below the limit
  EXPECT_EQ(stats.slow_consumers.value(), 0U);
  const std::uint64_t messages = stats.messages_in.value();
  ASSERT_NE(peer_->send(client_frame(R"({"event":"pusher:ping"})")), 0U);
  for (int i = 0; i < 50; ++i) loop->turn(std::chrono::milliseconds{0});
  EXPECT_EQ(stats.messages_in.value(), messages);
  EXPECT_TRUE(receive_until(bytes_of(ws::encode_text_frame(R"({"event":"pusher:pong","data":"{}"})"))));
}

// The answers to one read can be more than the queue holds: then the rest of that read waits too.
TEST_F(SlowConsumerTest, ThatAsksFasterThanItReadsGetsEveryAnswer) {
  app_settings.limits.send_queue_bytes = 16 * 1024;
  subscribe_and_stop_reading();
  std::string asked;
  std::string expected;
  for (int i = 0; i < 400; ++i) {
    const std::string payload = std::to_string(i) + std::string(120, 'x');
    asked += client_frame(payload, ws::Opcode::kPing);
    expected += bytes_of(ws::pong_frame(as_bytes(payload)));
  }
  ASSERT_GT(expected.size(), 2 * app_settings.limits.send_queue_bytes);
  ASSERT_EQ(peer_->send(asked), asked.size());
  EXPECT_TRUE(turn_until([&] {
    peer_->receive();
    return peer_->ended || peer_->received.size() >= expected.size();
  }));
  EXPECT_EQ(peer_->received, expected);
  EXPECT_EQ(stats.slow_consumers.value(), 0U);
}

}  // namespace
}  // namespace fanfare::session
