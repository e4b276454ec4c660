#include "net/stream.h"

#include <algorithm>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

TEST_F(StreamTest, Echoes) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  handler.action = [&s = *stream](MutableBytes bytes) { EXPECT_EQ(s.queue_copy(bytes), SendOutcome::kQueued); };
  peer.send("hello");
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive();
    return p.received == "hello";
  }));
  EXPECT_EQ(loop().stats().received_bytes.value(), 5U);
  EXPECT_EQ(loop().stats().sent_bytes.value(), 5U);
}

TEST_F(StreamTest, AllThatIsQueuedInATurnLeavesInOneWrite) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  for (int i = 0; i < 100; ++i) stream->queue(slice_of("x"), DropPolicy::kKeep);
  peer.receive();
  EXPECT_EQ(peer.received, "");
  turn();
  EXPECT_EQ(loop().stats().send_calls.value(), 1U);
  peer.receive();
  EXPECT_EQ(peer.received, std::string(100, 'x'));
  EXPECT_EQ(stream->queued_bytes(), 0U);
}

TEST_F(StreamTest, MoreEntriesThanOneWriteTakesAllLeaveInTheTurn) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  for (int i = 0; i < 1000; ++i) stream->queue(slice_of("x"), DropPolicy::kKeep);
  turn();
  EXPECT_EQ(stream->queued_bytes(), 0U);
  EXPECT_EQ(loop().stats().send_calls.value(), 4U);
}

TEST_F(StreamTest, ASlowReaderGetsEverythingInOrder) {
  options_.send_queue = {.bytes_max = 64 << 20, .entries_max = 100'000, .high_mark = 1 << 20, .low_mark = 1 << 16};
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  const std::string text = numbered_text(24 << 20);
  for (std::size_t begin = 0; begin < text.size(); begin += 40'000) {
    stream->queue(slice_of(std::string_view(text).substr(begin, 40'000)), DropPolicy::kKeep);
  }
  turn();
  EXPECT_GT(stream->queued_bytes(), 0U);
  EXPECT_EQ(loop().stats().waiting_bytes.value(), static_cast<std::int64_t>(stream->queued_bytes()));
  EXPECT_EQ(handler.drained, 0);
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive(300'000);
    return p.received.size() >= text.size();
  }));
  EXPECT_TRUE(peer.received == text);
  EXPECT_GT(loop().stats().send_stalls.value(), 0U);
  EXPECT_EQ(handler.drained, 1);
  EXPECT_EQ(stream->queued_bytes(), 0U);
  EXPECT_EQ(loop().stats().waiting_bytes.value(), 0);
}

TEST_F(StreamTest, WhatWaitsForAClosedConnectionIsCountedNoMore) {
  options_.send_queue = {.bytes_max = 64 << 20, .entries_max = 100, .high_mark = 64 << 20, .low_mark = 0};
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue(slice_of(std::string(32 << 20, 'x')), DropPolicy::kKeep);
  turn();
  EXPECT_GT(loop().stats().waiting_bytes.value(), 0);
  stream->abort();
  turn();
  EXPECT_EQ(loop().stats().waiting_bytes.value(), 0);
}

TEST_F(StreamTest, RefusesWhatIsTooMuchAndDropsOnRequest) {
  options_.send_queue = {.bytes_max = 100, .entries_max = 100, .high_mark = 50, .low_mark = 10};
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  EXPECT_EQ(stream->queue(slice_of(std::string(40, 'a')), DropPolicy::kDroppable), SendOutcome::kQueued);
  EXPECT_EQ(stream->queue(slice_of(std::string(60, 'b')), DropPolicy::kKeep), SendOutcome::kQueuedAboveHighMark);
  EXPECT_EQ(stream->queue(slice_of("c"), DropPolicy::kKeep), SendOutcome::kRefusedFull);
  EXPECT_EQ(stream->drop_oldest_droppable(1).bytes, 40U);
  EXPECT_EQ(stream->queue(slice_of("c"), DropPolicy::kKeep), SendOutcome::kQueuedAboveHighMark);
  turn();
  peer.receive();
  EXPECT_EQ(peer.received, std::string(60, 'b') + "c");
  EXPECT_EQ(handler.drained, 1);
  EXPECT_EQ(loop().stats().sends_refused.value(), 1U);
  EXPECT_EQ(loop().stats().frames_dropped.value(), 1U);
}

TEST_F(StreamTest, OtherLimitsCanBeSet) {
  RecordingHandler handler;
  const SendQueueLimits tight{.bytes_max = 3, .entries_max = 10, .high_mark = 3, .low_mark = 0};
  auto [stream, peer] = connect(handler);
  stream->set_send_limits(tight);
  EXPECT_EQ(stream->queue_copy(as_bytes("1234")), SendOutcome::kRefusedFull);
  EXPECT_EQ(stream->queue_copy(as_bytes("123")), SendOutcome::kQueued);
}

TEST_F(StreamTest, WhatDrainedQueuesIsSentWithoutSleep) {
  options_.send_queue = {.bytes_max = 100, .entries_max = 100, .high_mark = 1, .low_mark = 1};
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  handler.drained_action = [&s = *stream, &handler] {
    if (handler.drained == 1) s.queue_copy(as_bytes("more"));
  };
  stream->queue_copy(as_bytes("first "));
  EXPECT_TRUE(loop().turn(std::chrono::milliseconds(0)));
  turn();
  peer.receive();
  EXPECT_EQ(peer.received, "first more");
}

TEST_F(StreamTest, NothingIsReadWhilePaused) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->pause_reading();
  peer.send("early");
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_EQ(handler.received, "");
  stream->resume_reading();
  ASSERT_TRUE(turn_until([&] { return handler.received == "early"; }));
}

TEST_F(StreamTest, AnEndThatCameWhilePausedIsToldBehindTheBytes) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->pause_reading();
  peer.send("last words");
  peer.close();
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_TRUE(handler.closed.empty());
  stream->resume_reading();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.received, "last words");
  EXPECT_EQ(handler.closed, std::vector{CloseReason::kPeerClosed});
}

TEST_F(StreamTest, AHandlerThatPausesInsideOnBytesGetsNoMore) {
  options_.receive_bytes_per_turn = 1 << 20;
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  handler.action = [&s = *stream](MutableBytes) { s.pause_reading(); };
  turn();
  const std::size_t sent = peer.send(numbered_text(200'000));
  ASSERT_TRUE(turn_until([&] { return handler.calls == 1; }));
  for (int i = 0; i < 5; ++i) turn();
  EXPECT_EQ(handler.calls, 1U);
  handler.action = [](MutableBytes) {};
  stream->resume_reading();
  ASSERT_TRUE(turn_until([&] { return handler.received.size() == sent; }));
}

TEST_F(StreamTest, OneSocketTakesOnlyItsShareOfATurn) {
  options_.receive_bytes_per_turn = 64 * kKiB;
  RecordingHandler greedy;
  RecordingHandler modest;
  auto [first, first_peer] = connect(greedy);
  auto [second, second_peer] = connect(modest);
  const std::size_t sent = first_peer.send(numbered_text(400'000));
  ASSERT_GT(sent, 130'000U);
  second_peer.send("x");
  ASSERT_TRUE(turn_until([&] { return greedy.calls > 0; }));
  EXPECT_LE(greedy.received.size(), 64 * kKiB);
  EXPECT_EQ(modest.received, "x");
  // The rest is taken without asking the kernel whether there is some, and without sleep.
  EXPECT_TRUE(loop().turn(std::chrono::milliseconds(0)));
  ASSERT_TRUE(turn_until([&] { return greedy.received.size() == sent; }));
}

TEST_F(StreamTest, BytesAndTheSpareOnesBehindThemMayBeWritten) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  handler.action = [](MutableBytes bytes) { std::fill(bytes.data(), bytes.data() + bytes.size() + kSpareBytes, 0xFF); };
  peer.send(numbered_text(150'000));
  ASSERT_TRUE(turn_until([&] { return handler.received.size() >= 64 * kKiB; }));
}

TEST_F(StreamTest, TheHandlerCanBeReplacedInsideOnBytes) {
  RecordingHandler http;
  RecordingHandler websocket;
  auto [stream, peer] = connect(http);
  http.action = [&, &s = *stream](MutableBytes bytes) {
    s.set_handler(websocket);
    websocket.on_bytes(bytes.subspan(7));  // the old one passes the rest on
  };
  peer.send("upgradeframe1");
  ASSERT_TRUE(turn_until([&] { return !websocket.received.empty(); }));
  peer.send("frame2");
  ASSERT_TRUE(turn_until([&] { return websocket.received == "frame1frame2"; }));
  peer.close();
  ASSERT_TRUE(turn_until([&] { return !websocket.closed.empty(); }));
  EXPECT_TRUE(http.closed.empty());
}

TEST_F(StreamTest, StreamAndHandlerCanGoFromInsideTheirCallback) {
  auto handler = std::make_unique<RecordingHandler>();
  auto [stream, peer] = connect(*handler);
  handler->action = [&, &s = stream](MutableBytes) {
    loop().defer([&] {
      s.reset();
      handler.reset();
    });
  };
  peer.send("x");
  ASSERT_TRUE(turn_until([&] { return handler == nullptr; }));
  ASSERT_TRUE(turn_until([&, &p = peer] {
    p.receive();
    return p.ended;
  }));
  EXPECT_EQ(loop().stats().open.value(), 0);
  EXPECT_EQ(loop().stats().closed.value(), 1U);
}

// Both have an event in the same wait; whichever comes first destroys the other.
TEST_F(StreamTest, AnotherStreamMayBeDestroyedInsideACallback) {
  RecordingHandler handlers[2];
  auto [first, first_peer] = connect(handlers[0]);
  auto [second, second_peer] = connect(handlers[1]);
  handlers[0].action = [&s = second](MutableBytes) { s.reset(); };
  handlers[1].action = [&s = first](MutableBytes) { s.reset(); };
  turn();
  first_peer.send("x");
  second_peer.send("x");
  ASSERT_TRUE(turn_until([&] { return handlers[0].calls + handlers[1].calls > 0; }));
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_EQ(handlers[0].calls + handlers[1].calls, 1U);
}

TEST_F(StreamTest, ATouchedStreamMayBeDestroyedBeforeItsFlush) {
  options_.send_queue = {.bytes_max = 100, .entries_max = 100, .high_mark = 0, .low_mark = 0};
  RecordingHandler handlers[2];
  auto [first, first_peer] = connect(handlers[0]);
  auto [second, second_peer] = connect(handlers[1]);
  handlers[0].drained_action = [&s = second] { s.reset(); };
  first->queue_copy(as_bytes("x"));
  second->queue_copy(as_bytes("x"));
  turn();
  turn();
  EXPECT_EQ(second, nullptr);
}

TEST_F(StreamTest, KnowsItsPeer) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  EXPECT_EQ(stream->peer_address().ip_text(), "127.0.0.1");
  EXPECT_GE(stream->fd(), 0);
  EXPECT_EQ(&stream->loop(), &loop());
}

}  // namespace
}  // namespace fanfare::net
