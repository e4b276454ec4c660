// Streams whose sends share system calls.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "net/io_uring_test_support.h"
#include "net/send_ring.h"
#include "net/stream.h"
#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

class BatchedSendTest : public StreamTest {
 protected:
  struct Connection {
    RecordingHandler handler;
    std::unique_ptr<Stream> stream;
    std::unique_ptr<Peer> peer;
  };

  void SetUp() override {
    const auto ring = SendRing::open();
    if (!ring.ok()) GTEST_SKIP() << "no io_uring here: " << ring.error().message;
    options_.io_engine = IoEngine::kIoUring;
    options_.io_uring_sockets_min = 1;
  }

  Connection& open() {
    auto& connection = connections_.emplace_back(std::make_unique<Connection>());
    auto [stream, peer] = connect(connection->handler);
    connection->stream = std::move(stream);
    connection->peer = std::make_unique<Peer>(std::move(peer));
    return *connection;
  }
  void open(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) open();
  }
  void queue_to_all(std::string_view text) {
    for (const auto& connection : connections_) queue(*connection, text);
  }
  static void queue(Connection& connection, std::string_view text) {
    (void)connection.stream->queue(slice_of(text), DropPolicy::kDroppable);
  }
  static const std::string& received(Connection& connection) {
    connection.peer->receive();
    return connection.peer->received;
  }
  Connection& at(std::size_t index) { return *connections_[index]; }
  std::uint64_t calls() { return loop().stats().send_calls.value(); }
  std::uint64_t batched() { return loop().stats().batched_sends.value(); }

  std::vector<std::unique_ptr<Connection>> connections_;
};

TEST_F(BatchedSendTest, ManySocketsShareACall) {
  open(20);
  queue_to_all("event");
  turn();
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(batched(), 20U);
  EXPECT_EQ(loop().stats().sent_bytes.value(), 100U);
  for (auto& connection : connections_) {
    EXPECT_EQ(connection->stream->queued_bytes(), 0U);
    EXPECT_EQ(received(*connection), "event");
  }
}

TEST_F(BatchedSendTest, MoreThanTheRingHoldsTakeACallMore) {
  open(SendRing::kSendsMax + 1);
  for (int round = 1; round <= 3; ++round) {
    queue_to_all("event");
    turn();
    EXPECT_EQ(calls(), 2U * round);
  }
  for (auto& connection : connections_) EXPECT_EQ(received(*connection), "eventeventevent");
}

TEST_F(BatchedSendTest, FewSocketsSendForThemselves) {
  options_.io_uring_sockets_min = 4;
  open(4);
  for (std::size_t i = 0; i < 3; ++i) queue(at(i), "x");
  turn();
  EXPECT_EQ(calls(), 3U);
  EXPECT_EQ(batched(), 0U);
  queue_to_all("y");
  turn();
  EXPECT_EQ(calls(), 4U);
  EXPECT_EQ(batched(), 4U);
}

TEST_F(BatchedSendTest, EpollKeepsACallForEach) {
  options_.io_engine = IoEngine::kEpoll;
  open(20);
  queue_to_all("event");
  turn();
  EXPECT_EQ(calls(), 20U);
  EXPECT_EQ(batched(), 0U);
  EXPECT_EQ(loop().stats().io_uring.value(), 0);
  EXPECT_EQ(loop().batch_refusal(), "");
}

TEST_F(BatchedSendTest, ManyPiecesLeaveInTheTurn) {
  open(10);
  for (int i = 0; i < 1000; ++i) queue_to_all(std::to_string(i % 10));
  turn();
  for (auto& connection : connections_) {
    EXPECT_EQ(connection->stream->queued_bytes(), 0U);
    std::string expected;
    for (int i = 0; i < 1000; ++i) expected += std::to_string(i % 10);
    EXPECT_EQ(received(*connection), expected);
  }
}

TEST_F(BatchedSendTest, ASlowReaderGetsEverythingInOrderAndHoldsUpNobody) {
  options_.send_queue = {.bytes_max = 64 << 20, .entries_max = 100'000, .high_mark = 1 << 20, .low_mark = 1 << 16};
  open(10);
  Connection& slow = at(4);
  const std::string text = numbered_text(24 << 20);
  for (std::size_t begin = 0; begin < text.size(); begin += 40'000) {
    queue(slow, std::string_view(text).substr(begin, 40'000));
  }
  queue_to_all("!");
  turn();
  EXPECT_GT(slow.stream->queued_bytes(), 0U);
  EXPECT_GT(loop().stats().send_stalls.value(), 0U);
  for (std::size_t i = 0; i < 10; ++i) {
    if (i == 4) continue;
    EXPECT_EQ(received(at(i)), "!");
  }
  ASSERT_TRUE(turn_until([&] {
    slow.peer->receive(300'000);
    return slow.peer->received.size() > text.size();
  }));
  EXPECT_TRUE(slow.peer->received == text + "!");
  EXPECT_EQ(slow.handler.drained, 1);
  EXPECT_EQ(loop().stats().waiting_bytes.value(), 0);
}

TEST_F(BatchedSendTest, AFullSocketIsLeftAloneUntilItHasRoom) {
  open(2);
  options_.send_queue.bytes_max = 64 << 20;
  queue(at(0), std::string(32 << 20, 'x'));
  turn();
  const std::uint64_t before = batched();
  queue_to_all("y");
  turn();
  EXPECT_EQ(batched(), before + 1);
}

TEST_F(BatchedSendTest, ABrokenConnectionEndsAndTheOthersGetTheirs) {
  open(5);
  at(2).stream->pause_reading();
  at(2).peer->reset();
  queue_to_all("event");
  ASSERT_TRUE(turn_until([&] { return !at(2).handler.closed.empty(); }));
  EXPECT_EQ(at(2).handler.closed, (std::vector{CloseReason::kPeerReset}));
  for (const std::size_t i : {0, 1, 3, 4}) EXPECT_EQ(received(at(i)), "event");
}

TEST_F(BatchedSendTest, OneThatIsToldMayDestroyThoseBehindIt) {
  options_.send_queue = {.bytes_max = 1000, .entries_max = 100, .high_mark = 0, .low_mark = 0};
  open(SendRing::kSendsMax + 10);
  const std::size_t last = connections_.size() - 1;
  at(0).handler.drained_action = [&] {
    at(1).stream.reset();     // sent with the same call, and not told yet
    at(last).stream.reset();  // not sent yet
  };
  queue_to_all("event");
  turn();
  EXPECT_EQ(at(1).handler.drained, 0);
  EXPECT_EQ(at(last).handler.drained, 0);
  EXPECT_EQ(received(at(1)), "event");
  EXPECT_EQ(received(at(last)), "");
  EXPECT_EQ(at(2).handler.drained, 1);
  EXPECT_EQ(received(at(last - 1)), "event");
}

TEST_F(BatchedSendTest, OneThatIsToldMayAbortAndCloseThoseBehindIt) {
  options_.send_queue = {.bytes_max = 1000, .entries_max = 100, .high_mark = 0, .low_mark = 0};
  open(SendRing::kSendsMax + 10);
  const std::size_t last = connections_.size() - 1;
  at(0).handler.drained_action = [&] {
    at(1).stream->abort();
    EXPECT_EQ(at(2).stream->drop_oldest_droppable(1).frames, 0U);  // sent with the same call
    EXPECT_EQ(at(2).stream->queued_bytes(), 0U);
    queue(at(3), " more");
    at(4).stream->close_after_flush();
    at(last).stream->abort();
    at(last - 1).stream->close_after_flush();
    at(last - 2).stream->drop_oldest_droppable(1);
    queue(at(last - 3), " more");
  };
  queue_to_all("event");
  ASSERT_TRUE(turn_until([&] { return !at(1).handler.closed.empty() && !at(last).handler.closed.empty(); }));
  EXPECT_EQ(at(1).handler.closed.front(), CloseReason::kAborted);
  EXPECT_EQ(received(at(2)), "event");
  EXPECT_EQ(received(at(3)), "event more");
  EXPECT_EQ(received(at(4)), "event");
  EXPECT_EQ(received(at(last)), "");
  EXPECT_EQ(received(at(last - 1)), "event");
  EXPECT_EQ(received(at(last - 2)), "");
  EXPECT_EQ(at(last - 2).handler.drained, 1);
  EXPECT_EQ(received(at(last - 3)), "event more");
}

// Those that have joined a batch are not sent yet when the end of another one is told.
TEST_F(BatchedSendTest, TheEndOfAnotherStreamMayChangeWhatHasJoined) {
  open(6);
  at(5).handler.closed_action = [&] {
    at(0).stream.reset();
    at(1).stream->abort();
    EXPECT_EQ(at(2).stream->drop_oldest_droppable(1).frames, 1U);
    queue(at(3), " more");
    at(4).stream->close_after_flush();
  };
  for (std::size_t i = 0; i < 5; ++i) queue(at(i), "event");
  at(5).stream->abort();
  ASSERT_TRUE(turn_until([&] { return !at(1).handler.closed.empty() && !at(5).handler.closed.empty(); }));
  EXPECT_EQ(received(at(0)), "");
  EXPECT_EQ(received(at(1)), "");
  EXPECT_EQ(received(at(2)), "");
  EXPECT_EQ(received(at(3)), "event more");
  EXPECT_EQ(received(at(4)), "event");
  ASSERT_TRUE(turn_until([&] {
    at(4).peer->receive();
    return at(4).peer->ended;
  }));
}

TEST_F(BatchedSendTest, AStreamThatHasJoinedMayBeDetached) {
  open(2);
  std::unique_ptr<DetachedStream> detached;
  at(1).handler.closed_action = [&] {
    at(0).stream->drop_oldest_droppable(1);
    detached = at(0).stream->detach();
  };
  queue(at(0), "event");
  at(1).stream->abort();
  turn();
  ASSERT_NE(detached, nullptr);
  RecordingHandler handler;
  const auto attached = detached->attach(loop());
  attached->set_handler(handler);
  (void)attached->queue_copy(as_bytes("again"));
  turn();
  EXPECT_EQ(received(at(0)), "again");
}

TEST_F(BatchedSendTest, WhatWasBusyAndWaitedSharesACallToo) {
  options_.flush_delay = std::chrono::milliseconds(5);
  open(20);
  loop().post([&] { clock_.advance(std::chrono::milliseconds(150)); });  // at work
  turn();
  turn();
  queue_to_all("first ");
  turn();
  EXPECT_EQ(calls(), 0U);
  queue_to_all("second");
  clock_.advance(std::chrono::milliseconds(6));
  turn();
  EXPECT_EQ(calls(), 1U);
  EXPECT_EQ(batched(), 20U);
  for (auto& connection : connections_) EXPECT_EQ(received(*connection), "first second");
}

TEST_F(BatchedSendTest, WhereTheKernelRefusesEverythingGoesBySends) {
  on_own_thread([&] {
    ASSERT_TRUE(refuse_syscalls({SYS_io_uring_setup}));
    open(20);
    EXPECT_EQ(loop().batch_refusal(), "Operation not permitted");
    EXPECT_EQ(loop().stats().io_uring.value(), 0);
    queue_to_all("event");
    turn();
    EXPECT_EQ(calls(), 20U);
    for (auto& connection : connections_) EXPECT_EQ(received(*connection), "event");
  });
}

TEST_F(BatchedSendTest, WhereTheKernelRefusesLaterNothingIsLostOrDoubled) {
  on_own_thread([&] {
    open(SendRing::kSendsMax + 10);
    queue_to_all("one ");
    turn();
    EXPECT_EQ(loop().stats().io_uring.value(), 1);
    ASSERT_TRUE(refuse_syscalls({SYS_io_uring_enter}));
    queue_to_all("two ");
    turn();
    EXPECT_EQ(loop().stats().io_uring.value(), 0);
    queue_to_all("three");
    turn();
    for (auto& connection : connections_) EXPECT_EQ(received(*connection), "one two three");
  });
}

}  // namespace
}  // namespace fanfare::net
