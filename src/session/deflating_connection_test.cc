// What a connection with compression sends and keeps; how it reads is shown in ws/deflated_message_test.cc.
#include "session/deflating_connection.h"

#include "session/ws_connection_test_support.h"
#include "ws/frame_parser.h"

namespace fanfare::session {
namespace {

constexpr ws::DeflateAgreement kShared{false, false, 15, 15};
constexpr ws::DeflateAgreement kTakeover{true, true, 15, 15};

class DeflatingConnectionTest : public WsConnectionTest {
 protected:
  DeflatingConnectionTest() {
    options.compression.enabled = true;
    options.compression.message_bytes_min = 10;
  }

  // The frame with the pusher:error that a wrong name for a channel is answered with.
  std::string answer() {
    peer_->received.clear();
    send_and_turn(
        client_frame(subscribe_text("no channel has spaces in its name, or commas; nor does it end so: !!!")));
    EXPECT_TRUE(turn_until([&] {
      peer_->receive();
      const ByteView got = as_bytes(peer_->received);
      if (got.size() < 4) return false;
      return got.size() >= (got[1] < 126 ? 2U + got[1] : 4U + load_be16(got.data() + 2));
    }));
    return std::exchange(peer_->received, {});
  }
  // Silence until the server asks for a sign of life; the client gives it.
  void let_it_ping() {
    loops.clock.advance(options.activity_timeout + std::chrono::seconds(1));
    ASSERT_TRUE(receive_until(bytes_of(ws::ping_frame())));
    send_and_turn(client_frame("", ws::Opcode::kPong));
    // The timer that would have missed the pong.
    loops.clock.advance(options.pong_timeout + std::chrono::seconds(1));
    loop->turn(std::chrono::milliseconds(0));
    peer_->received.clear();
  }
};

TEST_F(DeflatingConnectionTest, CountsAsLongAsItLasts) {
  open(kShared);
  greet();
  EXPECT_EQ(stats.deflate_connections.value(), 1);
  send_and_turn(client_frame(std::string("\x03\xe8", 2), ws::Opcode::kClose));
  (void)received_to_the_end();
  peer_->close();
  EXPECT_TRUE(turn_until([&] { return list_->size() == 0; }));
  EXPECT_EQ(stats.deflate_connections.value(), 0);
}

TEST_F(DeflatingConnectionTest, WithoutAContextEachMessageStandsAlone) {
  open(kShared);
  greet();
  const std::string first = answer();
  EXPECT_EQ(first[0], '\xC1');
  EXPECT_EQ(answer(), first);
}

TEST_F(DeflatingConnectionTest, WithAContextALaterMessageRefersToAnEarlierOne) {
  open(kTakeover);
  greet();
  const std::string first = answer();
  const std::string second = answer();
  EXPECT_EQ(second[0], '\xC1');
  EXPECT_LT(second.size(), first.size() / 2);
}

TEST_F(DeflatingConnectionTest, TheContextIsGivenUpWhenNothingWasSentBetweenTwoPings) {
  open(kTakeover);
  greet();
  const std::string first = answer();
  let_it_ping();
  EXPECT_LT(answer().size(), first.size() / 2) << "something was sent since the greeting";
  let_it_ping();
  let_it_ping();
  EXPECT_EQ(answer(), first);
}

TEST_F(DeflatingConnectionTest, ControlFramesAreNeverDeflated) {
  open(kTakeover);
  greet();
  const std::string payload(100, 'p');
  send_and_turn(client_frame(payload, ws::Opcode::kPing));
  EXPECT_TRUE(receive_until(bytes_of(ws::pong_frame(as_bytes(payload)))));
}

}  // namespace
}  // namespace fanfare::session
