// For the tests of this module: a loop that the test turns by hand, a handler that remembers, and a plain blocking-free
// peer.
#pragma once

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "net/connect.h"
#include "net/event_loop.h"
#include "net/listener.h"
#include "net/stream.h"
#include "support/manual_clock.h"

namespace fanfare::net {

class RecordingHandler final : public StreamHandler {
 public:
  std::function<void(MutableBytes)> action = [](MutableBytes) {};
  std::function<void()> drained_action = [] {};
  std::function<void()> closed_action = [] {};
  std::string received;
  std::size_t calls = 0;
  int drained = 0;
  std::vector<CloseReason> closed;

  void on_bytes(MutableBytes bytes) override {
    EXPECT_FALSE(bytes.empty());
    EXPECT_TRUE(closed.empty());
    ++calls;
    received += as_text(bytes);
    action(bytes);
  }
  void on_send_drained() override {
    ++drained;
    drained_action();
  }
  void on_closed(CloseReason reason) override {
    closed.push_back(reason);
    closed_action();
  }
};

// The other end of a stream: a non-blocking socket.
class Peer {
 public:
  explicit Peer(UniqueFd socket) : socket_(std::move(socket)) {
    ::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
  }

  // Returns how much the kernel took.
  std::size_t send(std::string_view text) {
    const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }
  // Takes what is there, at most `bytes_max`.
  void receive(std::size_t bytes_max = 1 << 20) {
    std::string buffer(bytes_max, '\0');
    const ssize_t count = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) received.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == 0) ended = true;
    if (count < 0 && errno != EAGAIN) error = errno;
  }
  void end() { ::shutdown(socket_.get(), SHUT_WR); }
  void close() { socket_.reset(); }
  void reset() {
    const linger now{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    socket_.reset();
  }

  std::string received;
  bool ended = false;
  int error = 0;

 private:
  UniqueFd socket_;
};

class StreamTest : public testing::Test {
 protected:
  // Under FANFARE_IO_ENGINE=io_uring, which the build registers as a test of its own, each send is a batch.
  StreamTest() {
    const char* engine = std::getenv("FANFARE_IO_ENGINE");
    if (engine == nullptr) return;
    options_.io_engine = std::string_view(engine) == "io_uring" ? IoEngine::kIoUring : IoEngine::kEpoll;
    options_.io_uring_sockets_min = 1;
  }

  // Called by the tests that need other options, before the first connect().
  EventLoop& loop() {
    if (loop_ == nullptr) loop_ = std::make_unique<EventLoop>(LoopIndex(0), options_, clock_);
    return *loop_;
  }

  // A TCP connection: our end on the loop with `handler`, and the peer's.
  std::pair<std::unique_ptr<Stream>, Peer> connect(StreamHandler& handler) {
    auto sockets = open_listen_sockets(*SocketAddress::parse("127.0.0.1", 0), 1, 8);
    EXPECT_TRUE(sockets.ok());
    const int listening = (*sockets)[0].get();
    auto client = connect_blocking(SocketAddress::of_local_end(listening));
    EXPECT_TRUE(client.ok());
    UniqueFd accepted;
    while (!accepted) accepted.reset(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));  // it is in the backlog
    auto stream = loop().adopt(std::move(accepted));
    stream->set_handler(handler);
    return {std::move(stream), Peer(*std::move(client))};
  }

  // Turns until `reached`; false when a generous number of turns did not get there.
  bool turn_until(const std::function<bool()>& reached) {
    for (int i = 0; i < 20'000; ++i) {
      if (reached()) return true;
      loop().turn(std::chrono::milliseconds(1));
    }
    return reached();
  }
  void turn() { loop().turn(std::chrono::milliseconds(0)); }

  NetOptions options_;
  ManualClock clock_;
  std::unique_ptr<EventLoop> loop_;
};

inline LocalSlice slice_of(std::string_view text) { return LocalSlice::copy_of(as_bytes(text)); }

// Text in which every position can be told.
inline std::string numbered_text(std::size_t size) {
  std::string text;
  text.reserve(size + 16);
  for (std::size_t i = 0; text.size() < size; ++i) text += std::to_string(i) + ",";
  text.resize(size);
  return text;
}

}  // namespace fanfare::net
