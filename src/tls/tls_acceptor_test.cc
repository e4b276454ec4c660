#include "tls/tls_acceptor.h"

#include "net/stream_test_support.h"
#include "tls/tls_loop_test_support.h"

namespace fanfare::tls {
namespace {

class TlsAcceptorTest : public TlsLoopTest {};

TEST_F(TlsAcceptorTest, HandsOnWhatHasShakenHands) {
  TlsPeer peer = connect();
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && peer.client.is_done && accepted_.size() == 1; }));
  EXPECT_EQ(accepted_.at(0).stream->security(), net::Security::kTls);
  EXPECT_EQ(stats_.handshakes_tls13.value(), 1U);
  EXPECT_EQ(stats_.pending.value(), 0);
  EXPECT_EQ(stats_.open.value(), 1);
}

// The answer waited for ever: our tickets, queued before the TLS stream was made, told nobody that they were sent.
TEST_F(TlsAcceptorTest, WhatFollowsTheHandshakeInTheSameBytesIsHandedOnWithItAndAnswered) {
  accepted_.answer = "first answer";
  TlsPeer peer = connect();
  bool is_written = false;
  ASSERT_TRUE(turn_until([&] {
    if (peer.client.is_done && !std::exchange(is_written, true)) peer.client.write("first request");
    return peer.exchange() && peer.client.received == "first answer";
  }));
  EXPECT_EQ(accepted_.at(0).handler.received, "first request");
}

TEST_F(TlsAcceptorTest, PlainHttpIsToldWhatThisPortSpeaks) {
  TlsPeer peer = connect();
  peer.socket.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_TRUE(turn_until([&] { return peer.receive() && peer.socket.ended; }));
  EXPECT_TRUE(peer.socket.received.starts_with("HTTP/1.1 400 ")) << peer.socket.received;
  const std::size_t body = peer.socket.received.find("\r\n\r\n") + 4;
  EXPECT_EQ(peer.socket.received.size() - body, 59U);  // Content-Length
  peer.socket.end();
  ASSERT_TRUE(turn_until([&] { return stats_.pending.value() == 0; }));
  EXPECT_EQ(failures(HandshakeFailure::kPlainHttp), 1U);
}

TEST_F(TlsAcceptorTest, CountsWhyHandshakesFail) {
  TlsPeer binary = connect();
  binary.socket.send("\x01\x02\x03");
  TlsPeer gone = connect();
  gone.socket.close();
  TlsPeer old = connect({.max_version = TLS1_1_VERSION, .min_version = TLS1_VERSION});
  ASSERT_TRUE(turn_until([&] { return old.exchange() && old.client.has_failed; }));
  ASSERT_TRUE(turn_until([&] { return failures(HandshakeFailure::kPeerClosed) == 1; }));
  EXPECT_EQ(failures(HandshakeFailure::kNotTls), 1U);
  EXPECT_EQ(failures(HandshakeFailure::kVersion), 1U);
  EXPECT_EQ(accepted_.size(), 0U);
}

TEST_F(TlsAcceptorTest, ASilentClientIsCutAfterTheTimeout) {
  TlsPeer peer = connect();
  ASSERT_TRUE(turn_until([&] { return stats_.pending.value() == 1; }));
  clock_.advance(tls_options_.handshake_timeout - std::chrono::milliseconds(1));
  turn();
  EXPECT_EQ(failures(HandshakeFailure::kTimeout), 0U);
  clock_.advance(std::chrono::milliseconds(50));
  ASSERT_TRUE(turn_until([&] { return stats_.pending.value() == 0; }));
  EXPECT_EQ(failures(HandshakeFailure::kTimeout), 1U);
}

TEST_F(TlsAcceptorTest, ClosesWhatComesAboveTheLimit) {
  pending_max_ = 2;
  std::vector<TlsPeer> peers;
  peers.reserve(3);
  for (int i = 0; i < 3; ++i) peers.push_back(connect());
  ASSERT_TRUE(turn_until([&] { return stats_.refused_at_limit.value() == 1; }));
  EXPECT_EQ(stats_.pending.value(), 2);
  ASSERT_TRUE(turn_until([&] { return peers[0].exchange() && peers[1].exchange() && accepted_.size() == 2; }));
}

TEST_F(TlsAcceptorTest, DoesOnlySomeHandshakesInATurn) {
  tls_options_.handshakes_per_turn = 1;
  std::vector<TlsPeer> peers;
  peers.reserve(4);
  for (int i = 0; i < 4; ++i) peers.push_back(connect());
  for (TlsPeer& peer : peers) peer.socket.send(peer.client.take());
  ASSERT_TRUE(turn_until([&] { return stats_.pending.value() == 4; }));
  // Their first bytes are there; each turn answers one of them at most.
  std::size_t answered = 0;
  while (answered < peers.size()) {
    turn();
    std::size_t now = 0;
    for (TlsPeer& peer : peers) {
      peer.receive();
      if (!peer.socket.received.empty()) ++now;
    }
    ASSERT_LE(now, answered + 1);
    answered = now;
  }
}

TEST_F(TlsAcceptorTest, ANewContextIsForNewConnections) {
  TlsPeer before = connect();
  ASSERT_TRUE(turn_until([&] { return before.exchange() && before.client.is_done && accepted_.size() == 1; }));
  TlsOptions other;
  other.main = certificates_.add("new", {.names = {"new.example.com"}});
  acceptor().replace(must_load(other));
  TlsPeer after = connect();
  ASSERT_TRUE(turn_until([&] { return after.exchange() && after.client.is_done && accepted_.size() == 2; }));
  EXPECT_EQ(after.client.common_name(), "new.example.com");
  before.client.write("still here");
  ASSERT_TRUE(turn_until([&] { return before.exchange() && accepted_.at(0).handler.received == "still here"; }));
}

TEST_F(TlsAcceptorTest, DrainEndsTheHandshakesThatAreUnderWay) {
  TlsPeer peer = connect();
  ASSERT_TRUE(turn_until([&] { return stats_.pending.value() == 1; }));
  acceptor().drain();
  ASSERT_TRUE(turn_until([&] { return stats_.pending.value() == 0; }));
  EXPECT_EQ(loop().stats().open.value(), 0);
}

TEST_F(TlsAcceptorTest, MayEndWhileHandshakesAreUnderWay) {
  TlsPeer peer = connect();
  peer.socket.send(peer.client.take());
  ASSERT_TRUE(turn_until([&] { return stats_.pending.value() == 1; }));
  acceptor_.reset();
  turn();
  EXPECT_EQ(loop().stats().open.value(), 0);
}

}  // namespace
}  // namespace fanfare::tls
