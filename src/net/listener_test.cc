#include "net/listener.h"

#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "net/loop_group.h"
#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

class KeepingHandler final : public AcceptHandler {
 public:
  explicit KeepingHandler(StreamHandler& handler) : handler_(handler) {}

  std::vector<std::unique_ptr<Stream>> streams;

  void on_accepted(std::unique_ptr<Stream> stream, MutableBytes) override {
    stream->set_handler(handler_);
    streams.push_back(std::move(stream));
  }

 private:
  StreamHandler& handler_;
};

class ListenerTest : public StreamTest {
 protected:
  std::vector<UniqueFd> open(std::size_t count, const char* host = "127.0.0.1") {
    auto sockets = open_listen_sockets(*SocketAddress::parse(host, 0), count, 512);
    EXPECT_TRUE(sockets.ok()) << sockets.error().message;
    return *std::move(sockets);
  }
};

TEST_F(ListenerTest, AcceptsInBoundedBatchesAndKnowsThePeers) {
  options_.accepts_per_turn = 4;
  RecordingHandler handler;
  KeepingHandler accepted(handler);
  Listener listener(loop(), std::move(open(1)[0]), accepted);
  std::vector<UniqueFd> clients;
  clients.reserve(10);
  for (int i = 0; i < 10; ++i) clients.push_back(*connect_blocking(listener.local_address()));
  turn();
  EXPECT_EQ(accepted.streams.size(), 4U);
  EXPECT_TRUE(loop().turn(std::chrono::milliseconds(1000)));  // does not sleep over the rest
  ASSERT_TRUE(turn_until([&] { return accepted.streams.size() == 10; }));
  EXPECT_EQ(accepted.streams[9]->peer_address(), SocketAddress::of_local_end(clients[9].get()));
  EXPECT_EQ(loop().stats().accepted.value(), 10U);
  EXPECT_EQ(loop().stats().open.value(), 10);
}

TEST_F(ListenerTest, StopRefusesFurtherConnections) {
  RecordingHandler handler;
  KeepingHandler accepted(handler);
  Listener listener(loop(), std::move(open(1)[0]), accepted);
  const SocketAddress address = listener.local_address();
  listener.stop();
  listener.stop();
  const auto client = connect_blocking(address);
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().kind, ErrorKind::kIo);
  EXPECT_NE(client.error().message.find(address.to_string()), std::string::npos);
}

TEST_F(ListenerTest, StoppingInsideOnAcceptedEndsTheBatch) {
  class StopsAtOnce final : public AcceptHandler {
   public:
    Listener* listener = nullptr;
    int accepted = 0;
    void on_accepted(std::unique_ptr<Stream>, MutableBytes) override {
      ++accepted;
      listener->stop();
    }
  } handler;
  Listener listener(loop(), std::move(open(1)[0]), handler);
  handler.listener = &listener;
  const auto first = connect_blocking(listener.local_address());
  const auto second = connect_blocking(listener.local_address());
  for (int i = 0; i < 3; ++i) turn();
  EXPECT_EQ(handler.accepted, 1);
}

TEST_F(ListenerTest, SeveralSocketsShareThePortThatTheFirstOneGot) {
  const std::vector<UniqueFd> sockets = open(4);
  const SocketAddress first = SocketAddress::of_local_end(sockets[0].get());
  EXPECT_NE(first.port(), 0);
  for (const UniqueFd& socket : sockets) EXPECT_EQ(SocketAddress::of_local_end(socket.get()), first);
}

TEST_F(ListenerTest, EveryConnectionOfAGroupArrivesOnOneOfItsLoops) {
  NetOptions options;
  options.loops = 2;
  LoopGroup group(options);
  std::vector<UniqueFd> sockets = open(2);
  const SocketAddress address = SocketAddress::of_local_end(sockets[0].get());
  RecordingHandler handlers[2];
  std::vector<std::unique_ptr<KeepingHandler>> accepted;
  std::vector<std::unique_ptr<Listener>> listeners;
  for (std::uint16_t i = 0; i < 2; ++i) {
    handlers[i].action = [i, &accepted](MutableBytes bytes) { accepted[i]->streams.back()->queue_copy(bytes); };
    accepted.push_back(std::make_unique<KeepingHandler>(handlers[i]));
    listeners.push_back(std::make_unique<Listener>(group.at(LoopIndex(i)), std::move(sockets[i]), *accepted[i]));
  }
  group.start();
  std::vector<UniqueFd> clients;
  for (int i = 0; i < 32; ++i) {
    auto client = connect_blocking(address);
    ASSERT_TRUE(client.ok());
    ASSERT_EQ(::send(client->get(), "x", 1, 0), 1);
    char answer = 0;
    ASSERT_EQ(::recv(client->get(), &answer, 1, 0), 1);  // served by whichever loop got it
    clients.push_back(*std::move(client));
  }
  group.stop();
  EXPECT_EQ(accepted[0]->streams.size() + accepted[1]->streams.size(), 32U);
  listeners.clear();
  accepted.clear();
}

TEST_F(ListenerTest, Ipv6AnyTakesIpv4Too) {
  auto sockets = open_listen_sockets(*SocketAddress::parse("::", 0), 1, 8);
  if (!sockets.ok()) GTEST_SKIP() << "no IPv6 here: " << sockets.error().message;
  RecordingHandler handler;
  KeepingHandler accepted(handler);
  Listener listener(loop(), std::move((*sockets)[0]), accepted);
  const auto client = connect_blocking(*SocketAddress::parse("127.0.0.1", listener.local_address().port()));
  ASSERT_TRUE(client.ok());
  ASSERT_TRUE(turn_until([&] { return accepted.streams.size() == 1; }));
  EXPECT_EQ(accepted.streams[0]->peer_address().ip_text(), "127.0.0.1");
}

TEST_F(ListenerTest, AnAddressThatIsNotOursIsAnError) {
  const auto sockets = open_listen_sockets(*SocketAddress::parse("192.0.2.1", 0), 1, 8);
  ASSERT_FALSE(sockets.ok());
  EXPECT_NE(sockets.error().message.find("192.0.2.1:0"), std::string::npos);
}

// With no descriptor left the connection is taken and closed, and the loop does not spin over it.
TEST_F(ListenerTest, WithoutDescriptorsConnectionsAreRefusedAtOnce) {
  RecordingHandler handler;
  KeepingHandler accepted(handler);
  Listener listener(loop(), std::move(open(1)[0]), accepted);
  turn();
  std::vector<UniqueFd> clients;
  clients.reserve(3);
  for (int i = 0; i < 3; ++i) clients.push_back(*connect_blocking(listener.local_address()));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  // Descriptors are given out lowest first: none is free below the one that dup() would get now.
  const int next = ::dup(0);
  ::close(next);
  const rlimit none{.rlim_cur = static_cast<rlim_t>(next), .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  for (int i = 0; i < 3; ++i) turn();
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(accepted.streams.size(), 0U);
  EXPECT_EQ(loop().stats().accepts_refused.value(), 3U);
  char byte = 0;
  for (const UniqueFd& client : clients) EXPECT_LE(::recv(client.get(), &byte, 1, 0), 0);
  clients.push_back(*connect_blocking(listener.local_address()));
  ASSERT_TRUE(turn_until([&] { return accepted.streams.size() == 1; }));
}

}  // namespace
}  // namespace fanfare::net
