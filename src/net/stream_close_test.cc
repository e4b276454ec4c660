// How streams end: by us, by the peer, in order and not.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/stream.h"
#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

using Reasons = std::vector<CloseReason>;

TEST_F(StreamTest, ThePeersEndClosesTheStream) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  peer.send("bye");
  peer.close();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.received, "bye");
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kPeerClosed});
  EXPECT_EQ(stream->fd(), -1);
  EXPECT_EQ(stream->queue_copy(as_bytes("x")), SendOutcome::kRefusedClosed);
  stream->close_after_flush();
  stream->abort();
  stream->pause_reading();
  stream->resume_reading();
  turn();
  EXPECT_EQ(handler.closed.size(), 1U);
}

TEST_F(StreamTest, AResetIsToldAlsoWhilePaused) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->pause_reading();
  turn();
  peer.reset();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kPeerReset});
}

// `printf … | nc`: the request, then the end of the client's side, and the answer is still wanted.
TEST_F(StreamTest, APeerThatEndsItsSideStillGetsTheAnswer) {
  options_.send_queue.bytes_max = 32 << 20;
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  const std::string answer = numbered_text(8 << 20);
  handler.action = [&, &s = *stream](MutableBytes) { s.queue_copy(as_bytes(answer)); };
  peer.send("request");
  peer.end();
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive(200'000);
    return p.ended;
  }));
  EXPECT_TRUE(peer.received == answer);
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kPeerClosed});
}

TEST_F(StreamTest, CloseAfterFlushDeliversEverythingAlthoughInputIsUnread) {
  options_.send_queue.bytes_max = 32 << 20;
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->pause_reading();
  peer.send(numbered_text(100'000));  // never read by the handler: a plain close() would answer it with a reset
  const std::string text = numbered_text(8 << 20);
  stream->queue_copy(as_bytes(text));
  stream->close_after_flush();
  EXPECT_FALSE(stream->is_open());
  EXPECT_EQ(stream->queue_copy(as_bytes("x")), SendOutcome::kRefusedClosed);
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.send("still talking");
    p.receive(200'000);
    return p.ended;
  }));
  EXPECT_TRUE(peer.received == text);
  EXPECT_EQ(peer.error, 0);
  EXPECT_TRUE(handler.closed.empty());  // waits for the peer
  peer.close();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.received, "");
}

TEST_F(StreamTest, CloseAfterFlushEndsWhenThePeerClosesToo) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue_copy(as_bytes("goodbye"));
  stream->close_after_flush();
  stream->close_after_flush();
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive();
    return p.ended;
  }));
  EXPECT_EQ(peer.received, "goodbye");
  peer.close();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kFlushed});
  EXPECT_EQ(loop().stats().linger_timeouts.value(), 0U);
}

TEST_F(StreamTest, APeerThatNeverClosesIsGivenUpAtTheDeadline) {
  options_.linger_timeout = std::chrono::milliseconds(2000);
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue_copy(as_bytes("goodbye"));
  stream->close_after_flush();
  for (int i = 0; i < 5; ++i) turn();
  clock_.advance(std::chrono::milliseconds(1990));
  turn();
  EXPECT_TRUE(handler.closed.empty());
  clock_.advance(std::chrono::milliseconds(40));
  turn();
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kTimedOut});
  peer.receive();
  EXPECT_EQ(peer.received, "goodbye");
  EXPECT_EQ(loop().stats().linger_timeouts.value(), 1U);
}

TEST_F(StreamTest, APeerThatNeverReadsIsGivenUpAtTheDeadline) {
  options_.send_queue.bytes_max = 64 << 20;
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue_copy(as_bytes(std::string(32 << 20, 'x')));
  stream->close_after_flush();
  for (int i = 0; i < 5; ++i) turn();
  clock_.advance(options_.linger_timeout + std::chrono::milliseconds(32));
  turn();
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kTimedOut});
  EXPECT_EQ(stream->queued_bytes(), 0U);
}

TEST_F(StreamTest, ClosingInsideOnBytesSendsTheAnswerFirst) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  handler.action = [&s = *stream](MutableBytes) {
    s.queue_copy(as_bytes("answer"));
    s.close_after_flush();
  };
  peer.send("request");
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive();
    return p.ended;
  }));
  EXPECT_EQ(peer.received, "answer");
  peer.send("more");
  peer.close();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.received, "request");
}

TEST_F(StreamTest, AbortResetsAndTellsAtTheEndOfTheTurn) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue_copy(as_bytes("lost"));
  stream->abort();
  EXPECT_TRUE(handler.closed.empty());
  EXPECT_EQ(stream->fd(), -1);
  turn();
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kAborted});
  peer.receive();
  EXPECT_EQ(peer.error, ECONNRESET);
}

TEST_F(StreamTest, AbortInsideOnBytesIsTheLastThing) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  handler.action = [&s = *stream](MutableBytes) { s.abort(); };
  peer.send(numbered_text(200'000));
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.calls, 1U);
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kAborted});
}

TEST_F(StreamTest, AbortCutsAnOrderlyCloseShort) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->close_after_flush();
  turn();
  stream->abort();
  clock_.advance(options_.linger_timeout * 2);
  turn();
  EXPECT_EQ(handler.closed, Reasons{CloseReason::kAborted});
}

TEST_F(StreamTest, AStreamDestroyedWithoutACloseTellsNobody) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue_copy(as_bytes("x"));
  stream.reset();
  turn();
  EXPECT_TRUE(handler.closed.empty());
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive();
    return p.ended;
  }));
  EXPECT_EQ(peer.received, "");
}

TEST_F(StreamTest, EveryReasonHasAName) {
  EXPECT_STREQ(close_reason_name(CloseReason::kPeerClosed), "peer_closed");
  EXPECT_STREQ(close_reason_name(CloseReason::kAborted), "aborted");
}

}  // namespace
}  // namespace fanfare::net
