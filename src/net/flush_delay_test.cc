// How a busy loop lets events wait for one another.
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

using std::chrono::milliseconds;

class FlushDelayTest : public StreamTest {
 protected:
  FlushDelayTest() {
    options_.flush_delay = milliseconds(20);
    std::tie(stream_, peer_) = connect_peer();
  }

  std::pair<std::unique_ptr<Stream>, std::unique_ptr<Peer>> connect_peer() {
    auto [stream, peer] = connect(handler_);
    return {std::move(stream), std::make_unique<Peer>(std::move(peer))};
  }

  // A turn that takes `length`.
  void work(milliseconds length) {
    loop().post([this, length] { clock_.advance(length); });
    turn();
  }
  void make_busy() {
    work(milliseconds(150));
    turn();
  }
  void event(std::string_view text) { stream_->queue(slice_of(text), DropPolicy::kDroppable); }
  std::string received() {
    peer_->receive();
    return peer_->received;
  }
  std::uint64_t writes() { return loop().stats().send_calls.value(); }

  RecordingHandler handler_;
  std::unique_ptr<Stream> stream_;
  std::unique_ptr<Peer> peer_;
};

TEST_F(FlushDelayTest, ALoopWithTimeWritesAtTheEndOfTheTurn) {
  event("a");
  turn();
  EXPECT_EQ(received(), "a");
}

TEST_F(FlushDelayTest, ABusyOneGathersEventsUntilTheDelayIsOver) {
  make_busy();
  event("a");
  turn();
  clock_.advance(milliseconds(19));
  event("b");
  turn();
  EXPECT_EQ(received(), "");
  clock_.advance(milliseconds(1));
  turn();
  EXPECT_EQ(received(), "ab");
  EXPECT_EQ(writes(), 1U);
}

TEST_F(FlushDelayTest, WhatMayNotWaitTakesTheEventsBeforeItAlong) {
  make_busy();
  event("a");
  turn();
  stream_->queue_copy(as_bytes(std::string_view("b")));
  event("c");
  turn();
  EXPECT_EQ(received(), "abc");
  EXPECT_EQ(writes(), 1U);
}

TEST_F(FlushDelayTest, AnEventBehindWhatMayNotWaitGoesAlong) {
  make_busy();
  stream_->queue(slice_of("a"), DropPolicy::kKeep);
  event("b");
  turn();
  EXPECT_EQ(received(), "ab");
}

TEST_F(FlushDelayTest, AFullQueueDoesNotWait) {
  options_.send_queue = {.bytes_max = 100, .entries_max = 100, .high_mark = 10, .low_mark = 1};
  make_busy();
  event(std::string(11, 'x'));
  turn();
  EXPECT_EQ(received().size(), 11U);
}

TEST_F(FlushDelayTest, ZeroTurnsItOff) {
  options_.flush_delay = milliseconds(0);
  make_busy();
  event("a");
  turn();
  EXPECT_EQ(received(), "a");
}

TEST_F(FlushDelayTest, AConnectionThatDiesWhileItWaitsIsForgotten) {
  auto [other, other_peer] = connect_peer();
  make_busy();
  event("a");
  other->queue(slice_of("b"), DropPolicy::kDroppable);
  turn();
  other.reset();
  clock_.advance(milliseconds(20));
  turn();
  EXPECT_EQ(received(), "a");
}

TEST_F(FlushDelayTest, CloseAfterFlushDoesNotWait) {
  make_busy();
  event("a");
  turn();
  stream_->close_after_flush();
  turn();
  EXPECT_EQ(received(), "a");
}

TEST_F(FlushDelayTest, WhatRunsBehindWritesWaitsForThem) {
  make_busy();
  event("a");
  int ran = 0;
  loop().run_behind_writes([&] { ran += static_cast<int>(received().size()); });
  turn();
  EXPECT_EQ(ran, 0);
  clock_.advance(milliseconds(20));
  turn();
  EXPECT_EQ(ran, 1);
}

TEST_F(FlushDelayTest, WhatRunsBehindWritesKeepsTheLoopNotAwake) {
  int ran = 0;
  loop().run_behind_writes([&] { ++ran; });
  EXPECT_FALSE(loop().turn(milliseconds(0)));
  EXPECT_EQ(ran, 1);
}

TEST_F(FlushDelayTest, TheEndOfTheLoopWritesWhatWaits) {
  make_busy();
  event("a");
  turn();
  loop().stop();
  loop().run();
  EXPECT_EQ(received(), "a");
}

}  // namespace
}  // namespace fanfare::net
