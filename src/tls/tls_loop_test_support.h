// For the tests of this module: an acceptor on a loop that the test turns by hand, and TLS clients on real sockets.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/stream_test_support.h"
#include "tls/tls_acceptor.h"
#include "tls/tls_test_support.h"

namespace fanfare::tls {

struct TlsPeer {
  net::Peer socket;
  TestTlsClient client;
  std::string unsent{};

  // Takes what has come, at most `bytes_max` of it. True, for conditions.
  bool receive(std::size_t bytes_max = 1 << 20) {
    socket.receive(bytes_max);
    return true;
  }
  // Bytes that are there go to and fro. True, for conditions.
  bool exchange() {
    unsent += client.take();
    unsent.erase(0, socket.send(unsent));
    socket.receive();
    client.give(std::exchange(socket.received, {}));
    return true;
  }
};

class TlsLoopTest : public net::StreamTest {
 protected:
  struct Accepted {
    net::RecordingHandler handler;
    std::unique_ptr<net::Stream> stream;
  };
  class Keeper final : public net::AcceptHandler {
   public:
    void on_accepted(std::unique_ptr<net::Stream> stream, MutableBytes unread) override {
      auto& kept = all.emplace_back(std::make_unique<Accepted>());
      kept->stream = std::move(stream);
      kept->stream->set_handler(kept->handler);
      if (unread.empty()) return;
      kept->handler.on_bytes(unread);
      if (!answer.empty()) (void)kept->stream->queue_copy(as_bytes(answer));
    }
    std::string answer;  // to what was handed on with the connection
    std::size_t size() const { return all.size(); }
    Accepted& at(std::size_t index) { return *all[index]; }
    std::vector<std::unique_ptr<Accepted>> all;
  };

  TlsLoopTest() { tls_options_.main = certificates_.add("localhost", {.names = {"localhost"}}); }
  ~TlsLoopTest() override {
    listener_.reset();
    acceptor_.reset();
    accepted_.all.clear();
  }

  // Made at the first call, of the options as they are then.
  TlsAcceptor& acceptor() {
    if (acceptor_ == nullptr) {
      acceptor_ = std::make_unique<TlsAcceptor>(loop(), tls_options_, pending_max_, must_load(tls_options_),
                                                stats_of_loops_, accepted_);
      auto sockets = net::open_listen_sockets(*net::SocketAddress::parse("127.0.0.1", 0), 1, 64);
      EXPECT_TRUE(sockets.ok());
      listener_ = std::make_unique<net::Listener>(loop(), std::move(sockets->front()), *acceptor_);
    }
    return *acceptor_;
  }
  TlsPeer connect(const TestClientOptions& options = {}) {
    acceptor();
    auto socket = net::connect_blocking(listener_->local_address());
    EXPECT_TRUE(socket.ok());
    return {net::Peer(*std::move(socket)), TestTlsClient(options)};
  }
  // A connection whose handshake is done.
  TlsPeer shake(const TestClientOptions& options = {}) {
    const std::size_t before = accepted_.size();
    TlsPeer peer = connect(options);
    EXPECT_TRUE(turn_until([&] { return peer.exchange() && peer.client.is_done && accepted_.size() > before; }));
    return peer;
  }
  std::uint64_t failures(HandshakeFailure failure) {
    return stats_.failures[static_cast<std::size_t>(failure)].value();
  }

  TestCertificates certificates_;
  TlsOptions tls_options_;
  std::size_t pending_max_ = 100;
  TlsStats stats_;
  TlsStats other_stats_;  // of a second loop
  const TlsStatsOfLoops stats_of_loops_{&stats_, &other_stats_};
  Keeper accepted_;
  std::unique_ptr<TlsAcceptor> acceptor_;
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace fanfare::tls
