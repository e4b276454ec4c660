// A connection that changes its loop, and the notice that a queue is empty.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "net/stream.h"
#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

class StreamDetachTest : public StreamTest {
 protected:
  EventLoop& other() {
    if (other_ == nullptr) other_ = std::make_unique<EventLoop>(LoopIndex(1), options_, clock_);
    return *other_;
  }
  bool turn_other_until(const std::function<bool()>& reached) {
    for (int i = 0; i < 20'000 && !reached(); ++i) other().turn(std::chrono::milliseconds(1));
    return reached();
  }

 private:
  std::unique_ptr<EventLoop> other_;
};

TEST_F(StreamDetachTest, GoesOnOnAnotherLoopWithWhatNobodyHasRead) {
  RecordingHandler before;
  RecordingHandler after;
  auto [stream, peer] = connect(before);
  const SocketAddress address = stream->peer_address();
  std::unique_ptr<DetachedStream> detached;
  before.action = [&, &s = *stream, &p = peer](MutableBytes) {
    p.send("second");  // in the kernel while the connection belongs to nobody
    detached = s.detach();
  };
  peer.send("first");
  ASSERT_TRUE(turn_until([&] { return detached != nullptr; }));
  EXPECT_FALSE(stream->is_open());
  stream.reset();
  turn();
  EXPECT_EQ(loop().stats().open.value(), 0);

  const std::unique_ptr<Stream> moved = detached->attach(other());
  moved->set_handler(after);
  EXPECT_EQ(moved->peer_address().port(), address.port());
  peer.send(" and third");
  ASSERT_TRUE(turn_other_until([&] { return after.received == "second and third"; }));
  moved->queue_copy(as_bytes("answer"));
  ASSERT_TRUE(turn_other_until([&, &p = peer] {
    p.receive();
    return p.received == "answer";
  }));
  EXPECT_EQ(before.received, "first");
  EXPECT_TRUE(before.closed.empty());
  EXPECT_EQ(other().stats().open.value(), 1);
}

TEST_F(StreamDetachTest, IsClosedWhenNobodyTakesIt) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  turn();
  stream->detach().reset();
  for (int i = 0; i < 1000 && !peer.ended; ++i) peer.receive();
  EXPECT_TRUE(peer.ended);
  EXPECT_TRUE(handler.closed.empty());
}

TEST_F(StreamDetachTest, AnEndBeforeTheMoveIsToldBehindIt) {
  RecordingHandler before;
  RecordingHandler after;
  auto [stream, peer] = connect(before);
  turn();
  peer.send("last");
  peer.close();
  const std::unique_ptr<Stream> moved = stream->detach()->attach(other());
  moved->set_handler(after);
  ASSERT_TRUE(turn_other_until([&] { return !after.closed.empty(); }));
  EXPECT_EQ(after.received, "last");
  EXPECT_EQ(after.closed, std::vector<CloseReason>{CloseReason::kPeerClosed});
}

TEST_F(StreamDetachTest, TheNoticeThatNothingWaitsComesOnceForEachRequest) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  turn();
  EXPECT_EQ(handler.drained, 0);
  stream->notify_drained();
  turn();
  EXPECT_EQ(handler.drained, 1);
  stream->queue_copy(as_bytes("x"));
  stream->notify_drained();
  turn();
  EXPECT_EQ(handler.drained, 2);
  turn();
  EXPECT_EQ(handler.drained, 2);
}

TEST_F(StreamDetachTest, TheNoticeWaitsForASlowPeer) {
  options_.send_queue = {.bytes_max = 64 << 20, .entries_max = 64, .high_mark = 64 << 20, .low_mark = 0};
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue_copy(as_bytes(numbered_text(16 << 20)));
  stream->notify_drained();
  turn();
  EXPECT_EQ(handler.drained, 0);
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive();
    return handler.drained == 1;
  }));
  EXPECT_EQ(stream->queued_bytes(), 0U);
}

TEST_F(StreamDetachTest, WhatABrokenConnectionHasNotSentIsKnownAtItsEnd) {
  options_.send_queue.bytes_max = 64 << 20;
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  std::size_t unsent = 0;
  handler.closed_action = [&, &s = *stream] { unsent = s.queued_bytes(); };
  stream->queue_copy(as_bytes(numbered_text(16 << 20)));
  turn();
  const std::size_t waiting = stream->queued_bytes();
  EXPECT_GT(waiting, 0U);
  peer.reset();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(unsent, waiting);
  EXPECT_EQ(stream->queued_bytes(), 0U);
  EXPECT_EQ(loop().stats().waiting_bytes.value(), 0);
}

}  // namespace
}  // namespace fanfare::net
