// A TLS stream keeps the promises of Stream, over real sockets.
#include "tls/tls_stream.h"

#include "net/send_ring.h"
#include "tls/tls_loop_test_support.h"

namespace fanfare::tls {
namespace {

using net::CloseReason;
using net::numbered_text;
using net::SendOutcome;
using net::slice_of;
using Reasons = std::vector<CloseReason>;

class TlsStreamTest : public TlsLoopTest {
 protected:
  net::Stream& stream() { return *accepted_.at(0).stream; }
  net::RecordingHandler& handler() { return accepted_.at(0).handler; }
  // The bytes of the records that `peer` finds when it has received all of `text`.
  bool receives(TlsPeer& peer, std::string_view text) {
    return turn_until([&] { return peer.exchange() && peer.client.received.size() >= text.size(); }) &&
           peer.client.received == text;
  }
};

TEST_F(TlsStreamTest, CarriesBytesBothWays) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsPeer peer = shake({.max_version = version});
    Accepted& accepted = accepted_.at(accepted_.size() - 1);
    const std::string up = numbered_text(300'000);
    std::size_t at = 0;
    ASSERT_TRUE(turn_until([&] {
      if (at < up.size()) peer.client.write(std::string_view(up).substr(at, 10'000));
      at = std::min(at + 10'000, up.size());
      return peer.exchange() && accepted.handler.received.size() >= up.size();
    }));
    EXPECT_TRUE(accepted.handler.received == up);
    const std::string down = numbered_text(300'000);
    accepted.stream->queue_copy(as_bytes(down));
    EXPECT_TRUE(receives(peer, down));
  }
}

TEST_F(TlsStreamTest, WhatIsQueuedInATurnLeavesInOneRecordAndOneWrite) {
  TlsPeer peer = shake();
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && loop().stats().waiting_bytes.value() == 0; }));
  const std::uint64_t calls = loop().stats().send_calls.value();
  const std::uint64_t bytes = loop().stats().sent_bytes.value();
  std::string text;
  for (int i = 0; i < 50; ++i) {
    const std::string frame = "frame " + std::to_string(i);
    stream().queue(slice_of(frame), net::DropPolicy::kDroppable);
    stream().queue_copy(as_bytes("."));
    text += frame + ".";
  }
  EXPECT_EQ(stream().queued_bytes(), text.size());
  ASSERT_TRUE(receives(peer, text));
  EXPECT_EQ(loop().stats().send_calls.value(), calls + 1);
  EXPECT_EQ(loop().stats().sent_bytes.value(), bytes + text.size() + 22);  // one record of TLS 1.3
  EXPECT_EQ(stream().queued_bytes(), 0U);
}

TEST_F(TlsStreamTest, AnEventToManySharesACallAndNoTurnMore) {
  const auto ring = net::SendRing::open();
  if (!ring.ok()) GTEST_SKIP() << "no io_uring here: " << ring.error().message;
  options_.io_engine = net::IoEngine::kIoUring;
  options_.io_uring_sockets_min = 1;
  constexpr std::size_t kPeers = 10;
  std::vector<TlsPeer> peers;
  for (std::size_t i = 0; i < kPeers; ++i) peers.push_back(shake());
  while (loop().turn(std::chrono::milliseconds(0))) {
  }
  const std::uint64_t calls = loop().stats().send_calls.value();
  for (std::size_t i = 0; i < kPeers; ++i) {
    accepted_.at(i).stream->queue(slice_of("event"), net::DropPolicy::kDroppable);
  }
  EXPECT_FALSE(loop().turn(std::chrono::milliseconds(0)));
  EXPECT_EQ(loop().stats().send_calls.value(), calls + 1);
  for (TlsPeer& peer : peers) EXPECT_TRUE(receives(peer, "event"));
}

TEST_F(TlsStreamTest, ASlowClientsFramesWaitUnencryptedWithinTheLimits) {
  options_.send_queue = {.bytes_max = 8 << 20, .entries_max = 4096, .high_mark = 1 << 20, .low_mark = 64 << 10};
  TlsPeer peer = shake();
  const std::string frame = numbered_text(60'000);
  std::size_t queued = 0;
  SendOutcome outcome = SendOutcome::kQueued;
  bool was_above = false;
  // Until the kernel takes no more and the queue is full.
  for (int i = 0; i < 2000 && outcome != SendOutcome::kRefusedFull; ++i) {
    outcome = stream().queue(slice_of(frame), net::DropPolicy::kDroppable);
    if (outcome != SendOutcome::kRefusedFull) ++queued;
    was_above = was_above || outcome == SendOutcome::kQueuedAboveHighMark;
    if (i % 8 == 0) turn();
  }
  EXPECT_EQ(outcome, SendOutcome::kRefusedFull);
  EXPECT_TRUE(was_above);
  turn();
  // The frames, one batch with its records' frames, and nothing else.
  EXPECT_LE(stream().queued_bytes(), options_.send_queue.bytes_max + TlsStream::kBatchBytes + std::size_t{8} * 22);
  EXPECT_GT(loop().stats().waiting_bytes.value(), 0);  // at the last flush
  EXPECT_GT(loop().stats().sends_refused.value(), 0U);
  const net::DroppedFrames dropped = stream().drop_oldest_droppable(1 << 20);
  EXPECT_GE(dropped.bytes, 1U << 20);
  queued -= dropped.frames;
  EXPECT_EQ(handler().drained, 0);
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && peer.client.received.size() >= queued * frame.size(); }));
  EXPECT_EQ(peer.client.received.size(), queued * frame.size());
  EXPECT_EQ(handler().drained, 1);
  EXPECT_EQ(loop().stats().waiting_bytes.value(), 0);
}

TEST_F(TlsStreamTest, APausedStreamDeliversNothingAndGoesOnWhereItWas) {
  TlsPeer peer = shake();
  handler().action = [&](MutableBytes) { stream().pause_reading(); };
  std::string text;
  for (int i = 0; i < 200; ++i) {
    peer.client.write(numbered_text(9'000));
    text += numbered_text(9'000);
  }
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && handler().calls == 1; }));
  for (int i = 0; i < 10; ++i) {
    peer.exchange();
    turn();
  }
  EXPECT_EQ(handler().calls, 1U);
  stream().resume_reading();
  EXPECT_EQ(handler().calls, 1U);  // never out of the call
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && handler().calls == 2; }));
  handler().action = [](MutableBytes) {};
  stream().resume_reading();
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && handler().received.size() >= text.size(); }));
  EXPECT_TRUE(handler().received == text);
}

TEST_F(TlsStreamTest, CloseAfterFlushSendsEverythingAndSaysGoodbye) {
  options_.send_queue.bytes_max = 32 << 20;
  TlsPeer peer = shake();
  const std::string text = numbered_text(4 << 20);
  stream().queue_copy(as_bytes(text));
  stream().close_after_flush();
  EXPECT_FALSE(stream().is_open());
  EXPECT_EQ(stream().queue_copy(as_bytes("x")), SendOutcome::kRefusedClosed);
  peer.client.write("still talking");
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && peer.client.has_ended; }));
  EXPECT_TRUE(peer.client.received == text);
  EXPECT_TRUE(handler().closed.empty());  // waits for the peer
  peer.socket.close();
  ASSERT_TRUE(turn_until([&] { return !handler().closed.empty(); }));
  EXPECT_EQ(handler().closed, Reasons{CloseReason::kFlushed});
  EXPECT_EQ(handler().received, "");
  EXPECT_EQ(stats_.open.value(), 1);  // until it is destroyed
}

TEST_F(TlsStreamTest, APeerThatNeverReadsIsGivenUpAtTheDeadline) {
  options_.send_queue.bytes_max = 64 << 20;
  TlsPeer peer = shake();
  stream().queue_copy(as_bytes(numbered_text(32 << 20)));
  stream().close_after_flush();
  for (int i = 0; i < 5; ++i) turn();
  clock_.advance(options_.linger_timeout + std::chrono::milliseconds(50));
  ASSERT_TRUE(turn_until([&] { return !handler().closed.empty(); }));
  EXPECT_EQ(handler().closed, Reasons{CloseReason::kTimedOut});
  EXPECT_EQ(loop().stats().linger_timeouts.value(), 1U);
  EXPECT_EQ(loop().stats().waiting_bytes.value(), 0);
}

TEST_F(TlsStreamTest, APeerThatEndsItsSideStillGetsTheAnswer) {
  options_.send_queue.bytes_max = 32 << 20;
  TlsPeer peer = shake();
  const std::string answer = numbered_text(4 << 20);
  handler().action = [&](MutableBytes) { stream().queue_copy(as_bytes(answer)); };
  peer.client.write("request");
  peer.client.end();
  peer.exchange();
  peer.socket.end();
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && peer.socket.ended; }));
  EXPECT_TRUE(peer.client.received == answer);
  EXPECT_EQ(handler().closed, Reasons{CloseReason::kPeerClosed});
}

TEST_F(TlsStreamTest, ThePeersEndAndItsResetAreTold) {
  {
    TlsPeer peer = shake();
    peer.socket.close();
    ASSERT_TRUE(turn_until([&] { return !handler().closed.empty(); }));
    EXPECT_EQ(handler().closed, Reasons{CloseReason::kPeerClosed});
    EXPECT_EQ(stream().queue_copy(as_bytes("x")), SendOutcome::kRefusedClosed);
    stream().pause_reading();
    stream().resume_reading();
    stream().close_after_flush();
    stream().abort();
    turn();
    EXPECT_EQ(handler().closed.size(), 1U);
  }
  TlsPeer peer = shake();
  accepted_.at(1).stream->pause_reading();
  peer.socket.reset();
  ASSERT_TRUE(turn_until([&] { return !accepted_.at(1).handler.closed.empty(); }));
  EXPECT_EQ(accepted_.at(1).handler.closed, Reasons{CloseReason::kPeerReset});
}

TEST_F(TlsStreamTest, AbortResetsTheConnection) {
  TlsPeer peer = shake();
  stream().queue_copy(as_bytes("lost"));
  stream().abort();
  EXPECT_TRUE(handler().closed.empty());
  ASSERT_TRUE(turn_until([&] { return !handler().closed.empty(); }));
  EXPECT_EQ(handler().closed, Reasons{CloseReason::kAborted});
  ASSERT_TRUE(turn_until([&] { return peer.receive() && peer.socket.error == ECONNRESET; }));
}

TEST_F(TlsStreamTest, BytesThatAreNoRecordBreakTheConnection) {
  TlsPeer peer = shake();
  peer.socket.send("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(turn_until([&] { return peer.receive() && peer.socket.ended; }));
  peer.socket.close();
  ASSERT_TRUE(turn_until([&] { return !handler().closed.empty(); }));
  EXPECT_EQ(handler().closed, Reasons{CloseReason::kPeerReset});
  EXPECT_EQ(handler().received, "");
  EXPECT_EQ(stats_.broken.value(), 1U);
}

TEST_F(TlsStreamTest, GoesOnWithNewKeysWhenTheClientAsksForThem) {
  TlsPeer peer = shake();
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(SSL_key_update(peer.client.ssl(), SSL_KEY_UPDATE_REQUESTED), 1);
    peer.client.write("new keys");
    ASSERT_TRUE(turn_until([&] { return peer.exchange() && handler().received == "new keys"; }));
    handler().received.clear();
    stream().queue_copy(as_bytes("ours too"));
    ASSERT_TRUE(receives(peer, "ours too"));
    peer.client.received.clear();
  }
}

class TlsStreamMoveTest : public TlsStreamTest {
 protected:
  ~TlsStreamMoveTest() override { moved_.reset(); }
  // From what the first callback is given on, the connection is on the other loop.
  void move(net::DetachedStream& detached) {
    moved_ = detached.attach(other_loop_);
    moved_->set_handler(moved_handler_);
  }
  bool turn_both_until(const std::function<bool()>& reached) {
    return turn_until([&] {
      other_loop_.turn(std::chrono::milliseconds(0));
      return reached();
    });
  }

  net::EventLoop other_loop_{LoopIndex(1), options_, clock_};
  net::RecordingHandler moved_handler_;
  std::unique_ptr<net::Stream> moved_;
};

TEST_F(TlsStreamMoveTest, GoesOnThereWithWhatWasReceivedAndNotReadYet) {
  TlsPeer peer = shake();
  handler().action = [&](MutableBytes) { stream().pause_reading(); };
  std::string text;
  for (int i = 0; i < 40; ++i) text += numbered_text(9'000);
  peer.client.write(text);
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && handler().calls == 1; }));
  const std::unique_ptr<net::DetachedStream> detached = stream().detach();
  accepted_.all.front()->stream.reset();
  EXPECT_EQ(loop().stats().open.value(), 0);
  move(*detached);
  EXPECT_EQ(stats_.open.value(), 0);
  EXPECT_EQ(other_stats_.open.value(), 1);
  EXPECT_EQ(moved_->security(), net::Security::kTls);
  ASSERT_TRUE(turn_both_until(
      [&] { return peer.exchange() && handler().received.size() + moved_handler_.received.size() >= text.size(); }));
  EXPECT_EQ(handler().calls, 1U);
  EXPECT_TRUE(handler().received + moved_handler_.received == text);
  moved_->queue_copy(as_bytes("an answer"));
  ASSERT_TRUE(turn_both_until([&] { return peer.exchange() && peer.client.received == "an answer"; }));
}

TEST_F(TlsStreamMoveTest, AnEndBehindTheRequestGoesToo) {
  TlsPeer peer = shake();
  std::unique_ptr<net::DetachedStream> detached;
  handler().action = [&](MutableBytes) { detached = stream().detach(); };
  peer.client.write("request");
  peer.client.end();
  ASSERT_TRUE(turn_until([&] { return peer.exchange() && detached != nullptr; }));
  accepted_.all.front()->stream.reset();
  move(*detached);
  moved_->queue_copy(as_bytes("an answer"));
  ASSERT_TRUE(turn_both_until([&] { return peer.exchange() && peer.client.has_ended; }));
  EXPECT_EQ(peer.client.received, "an answer");
  peer.socket.close();
  ASSERT_TRUE(turn_both_until([&] { return !moved_handler_.closed.empty(); }));
  EXPECT_EQ(moved_handler_.closed, Reasons{CloseReason::kPeerClosed});
  EXPECT_TRUE(handler().closed.empty());
}

TEST_F(TlsStreamTest, MayBeDestroyedAtAnyTime) {
  TlsPeer peer = shake();
  stream().queue_copy(as_bytes("x"));
  accepted_.all.clear();
  turn();
  EXPECT_EQ(loop().stats().open.value(), 0);
  EXPECT_EQ(loop().stats().waiting_bytes.value(), 0);
  EXPECT_EQ(stats_.open.value(), 0);
}

}  // namespace
}  // namespace fanfare::tls
