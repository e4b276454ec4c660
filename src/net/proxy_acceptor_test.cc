#include "net/proxy_acceptor.h"

#include "net/stream_test_support.h"

namespace fanfare::net {
namespace {

constexpr std::string_view kHeader = "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n";

class ProxyAcceptorTest : public StreamTest {
 protected:
  struct Accepted {
    RecordingHandler handler;
    std::unique_ptr<Stream> stream;
  };
  class Keeper final : public AcceptHandler {
   public:
    void on_accepted(std::unique_ptr<Stream> stream, MutableBytes unread) override {
      if (refuses) {
        stream->abort();
        loop->defer([refused = std::move(stream)] {});
        return;
      }
      auto& kept = all.emplace_back(std::make_unique<Accepted>());
      kept->stream = std::move(stream);
      kept->stream->set_handler(kept->handler);
      if (!unread.empty()) kept->handler.on_bytes(unread);
    }
    std::vector<std::unique_ptr<Accepted>> all;
    EventLoop* loop = nullptr;
    bool refuses = false;
  };

  ~ProxyAcceptorTest() override {
    listener_.reset();
    acceptor_.reset();
    keeper_.all.clear();
  }

  Peer connect() {
    if (acceptor_ == nullptr) {
      keeper_.loop = &loop();
      trusted_ = *TrustedProxies::parse(trusted_texts_);
      acceptor_ = std::make_unique<ProxyAcceptor>(loop(), trusted_, std::chrono::milliseconds(1000), pending_max_,
                                                  stats_, keeper_);
      auto sockets = open_listen_sockets(*SocketAddress::parse("127.0.0.1", 0), 1, 64);
      EXPECT_TRUE(sockets.ok());
      listener_ = std::make_unique<Listener>(loop(), std::move(sockets->front()), *acceptor_);
    }
    auto socket = connect_blocking(listener_->local_address());
    EXPECT_TRUE(socket.ok());
    return Peer(*std::move(socket));
  }
  bool ends(Peer& peer) {
    return turn_until([&] {
      peer.receive();
      return peer.ended || peer.error != 0;
    });
  }

  std::vector<std::string> trusted_texts_ = {"127.0.0.1"};
  std::size_t pending_max_ = 10;
  TrustedProxies trusted_;
  ProxyStats stats_;
  Keeper keeper_;
  std::unique_ptr<ProxyAcceptor> acceptor_;
  std::unique_ptr<Listener> listener_;
};

TEST_F(ProxyAcceptorTest, HandsOnTheClientsAddressAndWhatCameBehindTheHeader) {
  Peer peer = connect();
  peer.send(std::string(kHeader) + "hello");
  ASSERT_TRUE(turn_until([&] { return keeper_.all.size() == 1; }));
  EXPECT_EQ(keeper_.all[0]->stream->peer_address().to_string(), "192.0.2.1:56324");
  EXPECT_EQ(keeper_.all[0]->handler.received, "hello");
  peer.send(" again");
  ASSERT_TRUE(turn_until([&] { return keeper_.all[0]->handler.received == "hello again"; }));
  EXPECT_EQ(stats_.headers.value(), 1U);
}

TEST_F(ProxyAcceptorTest, TakesAHeaderInPieces) {
  Peer peer = connect();
  const std::string text = std::string(kHeader) + "hello";
  for (const char& one : text) {
    peer.send(std::string_view(&one, 1));
    turn();
  }
  ASSERT_TRUE(turn_until([&] { return keeper_.all.size() == 1 && keeper_.all[0]->handler.received == "hello"; }));
  EXPECT_EQ(keeper_.all[0]->stream->peer_address().ip_text(), "192.0.2.1");
}

TEST_F(ProxyAcceptorTest, OthersAreHandedOnAsTheyAre) {
  trusted_texts_ = {"192.0.2.0/24"};
  Peer peer = connect();
  peer.send(kHeader);
  ASSERT_TRUE(turn_until([&] { return keeper_.all.size() == 1 && !keeper_.all[0]->handler.received.empty(); }));
  EXPECT_EQ(keeper_.all[0]->handler.received, kHeader);
  EXPECT_EQ(keeper_.all[0]->stream->peer_address().ip_text(), "127.0.0.1");
  EXPECT_EQ(stats_.headers.value(), 0U);
}

TEST_F(ProxyAcceptorTest, AProxyThatSpeaksForItselfKeepsItsAddress) {
  Peer peer = connect();
  peer.send("PROXY UNKNOWN\r\nhello");
  ASSERT_TRUE(turn_until([&] { return keeper_.all.size() == 1; }));
  EXPECT_EQ(keeper_.all[0]->stream->peer_address().ip_text(), "127.0.0.1");
}

TEST_F(ProxyAcceptorTest, WithoutAHeaderATrustedPeerIsCut) {
  Peer peer = connect();
  peer.send("GET / HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(ends(peer));
  EXPECT_EQ(stats_.invalid.value(), 1U);
  EXPECT_EQ(keeper_.all.size(), 0U);
}

TEST_F(ProxyAcceptorTest, ASilentPeerIsCutAfterTheTimeout) {
  Peer peer = connect();
  peer.send("PROXY ");
  ASSERT_TRUE(turn_until([&] { return loop().stats().received_bytes.value() == 6; }));
  clock_.advance(std::chrono::milliseconds(1050));
  ASSERT_TRUE(ends(peer));
  EXPECT_EQ(stats_.timeouts.value(), 1U);
}

TEST_F(ProxyAcceptorTest, APeerThatGoesIsForgotten) {
  {
    Peer peer = connect();
    peer.send("PROXY ");
    ASSERT_TRUE(turn_until([&] { return loop().stats().received_bytes.value() == 6; }));
  }
  ASSERT_TRUE(turn_until([&] { return loop().stats().open.value() == 0; }));
  EXPECT_EQ(stats_.timeouts.value(), 1U);
}

TEST_F(ProxyAcceptorTest, ClosesWhatComesAboveTheLimit) {
  pending_max_ = 1;
  Peer first = connect();
  Peer second = connect();
  ASSERT_TRUE(ends(second));
  EXPECT_EQ(stats_.refused_at_limit.value(), 1U);
  first.send(kHeader);
  ASSERT_TRUE(turn_until([&] { return keeper_.all.size() == 1; }));
}

TEST_F(ProxyAcceptorTest, WhatIsRefusedBehindItIsGone) {
  keeper_.refuses = true;
  Peer peer = connect();
  peer.send(std::string(kHeader) + "hello");
  ASSERT_TRUE(ends(peer));
  EXPECT_EQ(loop().stats().open.value(), 0);
}

TEST_F(ProxyAcceptorTest, DrainEndsThoseThatOweTheirHeader) {
  Peer peer = connect();
  ASSERT_TRUE(turn_until([&] { return loop().stats().open.value() == 1; }));
  acceptor_->drain();
  ASSERT_TRUE(ends(peer));
  EXPECT_EQ(loop().stats().open.value(), 0);
}

}  // namespace
}  // namespace fanfare::net
