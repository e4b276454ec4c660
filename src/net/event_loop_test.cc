#include "net/event_loop.h"

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

using std::chrono::milliseconds;

class CountingHook final : public TurnHook {
 public:
  std::function<bool()> action = [] { return false; };
  int calls = 0;

  bool on_turn() override {
    ++calls;
    return action();
  }
};

class CountingTimer final : public Timer {
 public:
  int fired = 0;

 private:
  void on_timer() override { ++fired; }
};

class EventLoopTest : public StreamTest {};

TEST_F(EventLoopTest, RunsPostedTasksInOrderAndStopsBehindThem) {
  std::vector<int> ran;
  EventLoop loop(LoopIndex(3), options_);
  std::thread thread([&] { loop.run(); });
  for (int i = 0; i < 1000; ++i) loop.post([&ran, i] { ran.push_back(i); });
  loop.stop();
  thread.join();
  ASSERT_EQ(ran.size(), 1000U);
  EXPECT_TRUE(std::is_sorted(ran.begin(), ran.end()));
  EXPECT_EQ(loop.index(), LoopIndex(3));
}

TEST_F(EventLoopTest, APostWakesASleepingLoop) {
  EventLoop loop(LoopIndex(0), options_);
  std::thread thread([&] { loop.run(); });
  for (int i = 0; i < 100; ++i) {
    std::promise<bool> ran;
    loop.post([&] { ran.set_value(loop.is_current()); });
    EXPECT_TRUE(ran.get_future().get());
  }
  EXPECT_FALSE(loop.is_current());
  loop.stop();
  thread.join();
}

TEST_F(EventLoopTest, ReservedPostsAreBounded) {
  options_.mailbox_places = 2;
  EXPECT_TRUE(loop().try_reserve(2));
  EXPECT_FALSE(loop().try_reserve(1));
  int ran = 0;
  loop().post_reserved([&] { ++ran; });
  loop().release(1);
  EXPECT_EQ(loop().mailbox_depth(), 1U);
  turn();
  EXPECT_EQ(ran, 1);
  EXPECT_EQ(loop().mailbox_reserved(), 0U);
}

TEST_F(EventLoopTest, ATurnRunsAtMostItsShareOfTheMailbox) {
  options_.mailbox_tasks_per_turn = 10;
  int ran = 0;
  for (int i = 0; i < 25; ++i) loop().post([&] { ++ran; });
  turn();
  EXPECT_EQ(ran, 10);
  loop().turn(milliseconds(500));  // does not sleep: there are more
  turn();
  EXPECT_EQ(ran, 25);
}

TEST_F(EventLoopTest, DeferredTasksRunBehindTheFlushInOrder) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  std::vector<std::string> order;
  loop().post([&, &s = *stream, &p = peer] {
    loop().defer([&] {
      p.receive();
      order.push_back("first " + p.received);
      loop().defer([&] { order.push_back("in the next turn"); });
    });
    loop().defer([&] { order.push_back("second"); });
    s.queue_copy(as_bytes("flushed"));
  });
  turn();
  EXPECT_EQ(order, (std::vector<std::string>{"first flushed", "second"}));
  EXPECT_TRUE(loop().turn(milliseconds(0)));
  EXPECT_EQ(order.back(), "in the next turn");
}

TEST_F(EventLoopTest, WhatADeferredTaskQueuesIsSentWithoutSleep) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  turn();
  loop().defer([&s = *stream] { s.queue_copy(as_bytes("late")); });
  EXPECT_TRUE(loop().turn(milliseconds(0)));
  loop().turn(milliseconds(1000));
  peer.receive();
  EXPECT_EQ(peer.received, "late");
}

TEST_F(EventLoopTest, WhatAHookQueuesIsFlushedInTheSameTurn) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  CountingHook hook;
  hook.action = [&, &s = *stream] {
    if (hook.calls <= 3) s.queue_copy(as_bytes(std::to_string(hook.calls)));
    return hook.calls < 3;
  };
  loop().add_turn_hook(hook);
  EXPECT_TRUE(loop().turn(milliseconds(0)));
  peer.receive();
  EXPECT_EQ(peer.received, "1");
  EXPECT_TRUE(loop().turn(milliseconds(1000)));   // has more to do: no sleep
  EXPECT_FALSE(loop().turn(milliseconds(1000)));  // the last part
  peer.receive();
  EXPECT_EQ(peer.received, "123");
  loop().remove_turn_hook(hook);
  turn();
  EXPECT_EQ(hook.calls, 3);
}

TEST_F(EventLoopTest, HooksMayRemoveThemselvesAndOthers) {
  CountingHook first;
  CountingHook second;
  CountingHook third;
  first.action = [&] {
    loop().remove_turn_hook(first);
    loop().remove_turn_hook(second);
    return false;
  };
  for (CountingHook* hook : {&first, &second, &third}) loop().add_turn_hook(*hook);
  turn();
  turn();
  EXPECT_EQ(first.calls, 1);
  EXPECT_EQ(second.calls, 0);
  EXPECT_EQ(third.calls, 2);
}

TEST_F(EventLoopTest, TimersGoByTheLoopsTime) {
  CountingTimer timer;
  loop().schedule(timer, milliseconds(1000));
  turn();
  EXPECT_EQ(timer.fired, 0);
  clock_.advance(milliseconds(1020));
  turn();
  EXPECT_EQ(timer.fired, 1);
  EXPECT_EQ(loop().stats().timers_fired.value(), 1U);
}

TEST_F(EventLoopTest, ARealLoopSleepsUntilItsTimer) {
  EventLoop real(LoopIndex(0), options_);
  class Stopper final : public Timer {
   public:
    explicit Stopper(EventLoop& target) : target_(target) {}

   private:
    void on_timer() override { target_.stop(); }
    EventLoop& target_;
  } stopper(real);
  const MonotonicTime begin = real.now();
  real.schedule(stopper, milliseconds(50));
  real.run();
  EXPECT_GE(real.now() - begin, milliseconds(50));
  EXPECT_LT(real.stats().turns.value(), 20U);  // it slept rather than spun
}

TEST_F(EventLoopTest, TimeIsReadOnceATurn) {
  turn();
  const MonotonicTime before = loop().now();
  const WallTime wall_before = loop().wall_now();
  clock_.advance(milliseconds(5));
  EXPECT_EQ(loop().now(), before);
  turn();
  EXPECT_EQ(loop().now(), before + milliseconds(5));
  EXPECT_EQ(loop().wall_now(), wall_before + milliseconds(5));
  EXPECT_EQ(loop().clock().monotonic(), loop().now());
  EXPECT_EQ(loop().last_turn(), loop().now());
}

TEST_F(EventLoopTest, MeasuresTheLengthOfItsTurns) {
  loop().post([&] { clock_.advance(milliseconds(3)); });
  turn();
  EXPECT_EQ(loop().stats().busy_us.value(), 3000U);
  EXPECT_EQ(loop().stats().turn_length.sum_us(), 3000U);
  EXPECT_EQ(loop().stats().turns.value(), 1U);
}

TEST_F(EventLoopTest, StopRunsWhatWasDeferred) {
  EventLoop real(LoopIndex(0), options_);
  int ran = 0;
  real.post([&] {
    real.defer([&] {
      ++ran;
      real.defer([&] { ++ran; });
    });
  });
  real.stop();
  real.run();
  EXPECT_EQ(ran, 2);
}

TEST_F(EventLoopTest, TasksThatNeverRanAreDestroyedWithWhatTheyOwn) {
  RecordingHandler handler;
  auto [stream, peer] = connect(handler);
  stream->queue_copy(as_bytes("x"));
  loop().post([owned = std::shared_ptr<Stream>(std::move(stream))] { FAIL(); });
  loop_.reset();
  peer.receive();
  EXPECT_TRUE(peer.ended);
}

TEST_F(EventLoopTest, AdoptsUnixSocketsToo) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  Peer peer{UniqueFd(ends[1])};
  RecordingHandler handler;
  auto stream = loop().adopt(UniqueFd(ends[0]));
  stream->set_handler(handler);
  EXPECT_FALSE(stream->peer_address().is_valid());
  peer.send("hello");
  peer.close();
  ASSERT_TRUE(turn_until([&] { return !handler.closed.empty(); }));
  EXPECT_EQ(handler.received, "hello");
}

// Two real loops: one serves, one is the client.
TEST_F(EventLoopTest, EchoesBetweenTwoThreads) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  EventLoop server(LoopIndex(0), options_);
  EventLoop client(LoopIndex(1), options_);
  RecordingHandler server_handler;
  RecordingHandler client_handler;
  std::unique_ptr<Stream> server_stream;
  std::unique_ptr<Stream> client_stream;
  std::promise<void> done;
  const std::string text = numbered_text(500'000);
  std::thread server_thread([&] { server.run(); });
  std::thread client_thread([&] { client.run(); });
  server.post([&] {
    server_stream = server.adopt(UniqueFd(ends[0]));
    server_handler.action = [&](MutableBytes bytes) { server_stream->queue_copy(bytes); };
    server_stream->set_handler(server_handler);
  });
  client.post([&] {
    client_stream = client.adopt(UniqueFd(ends[1]));
    client_handler.action = [&](MutableBytes) {
      if (client_handler.received.size() == text.size()) done.set_value();
    };
    client_stream->set_handler(client_handler);
    EXPECT_NE(client_stream->queue_copy(as_bytes(text)), SendOutcome::kRefusedFull);
  });
  done.get_future().wait();
  EXPECT_TRUE(client_handler.received == text);
  server.post([&] { server_stream.reset(); });
  client.post([&] { client_stream.reset(); });
  server.stop();
  client.stop();
  server_thread.join();
  client_thread.join();
}

}  // namespace
}  // namespace fanfare::net
