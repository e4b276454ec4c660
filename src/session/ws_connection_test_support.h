// For the tests of WebSocket connections: one on a loop that the test turns, whose peer is a real socket.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "net/stream_test_support.h"
#include "session/deflating_connection.h"
#include "session/session_test_support.h"
#include "session/ws_connection.h"
#include "ws/frame.h"
#include "ws/frame_encoder.h"

namespace fanfare::session {

inline std::string client_frame(std::string_view payload, ws::Opcode opcode = ws::Opcode::kText) {
  std::string frame;
  ws::append_client_frame(frame, {.opcode = opcode}, as_bytes(payload), {1, 2, 3, 4});
  return frame;
}
inline std::string subscribe_text(std::string_view channel) {
  return R"({"event":"pusher:subscribe","data":{"channel":")" + std::string(channel) + "\"}}";
}
inline std::string bytes_of(const ws::Frame& frame) { return std::string(as_text(frame.bytes())); }

// A connection whose peer is a real socket, on a loop that the test turns.
class WsConnectionTest : public SessionTest {
 protected:
  ~WsConnectionTest() override {
    list_.reset();
    loop->turn(std::chrono::milliseconds{0});
  }

  // With compression where there is an agreement on it.
  void open(const std::optional<ws::DeflateAgreement>& deflate = std::nullopt) {
    context();
    list_.emplace(*loop);
    auto sockets = net::open_listen_sockets(*net::SocketAddress::parse("127.0.0.1", 0), 1, 8);
    ASSERT_TRUE(sockets.ok());
    const int listening = (*sockets)[0].get();
    auto client = net::connect_blocking(net::SocketAddress::of_local_end(listening));
    ASSERT_TRUE(client.ok());
    net::UniqueFd accepted;
    while (!accepted) accepted.reset(::accept4(listening, nullptr, nullptr, SOCK_CLOEXEC));  // it is in the backlog
    const int small = 4096;
    ::setsockopt(accepted.get(), SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    ::setsockopt(client->get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    peer_.emplace(*std::move(client));
    std::unique_ptr<WsConnection> made;
    if (deflate) {
      made = make_in_slab<DeflatingConnection>(loop->slabs(), context(), *list_, loop->adopt(std::move(accepted)),
                                               Admission{app, 7, ticket()}, *deflate);
    } else {
      made = make_in_slab<WsConnection>(loop->slabs(), context(), *list_, loop->adopt(std::move(accepted)),
                                        Admission{app, 7, ticket()});
    }
    connection_ = made.get();
    list_->add(std::move(made));
    connection_->start({});
  }
  bool turn_until(const std::function<bool()>& reached) {
    for (int i = 0; i < 5'000; ++i) {
      if (reached()) return true;
      loops.settle();
      loop->turn(std::chrono::milliseconds(1));
    }
    return reached();
  }
  bool receive_until(std::string_view end) {
    return turn_until([&] {
      peer_->receive();
      return peer_->received.ends_with(end);
    });
  }
  void greet() {
    ASSERT_TRUE(receive_until("}"));
    peer_->received.clear();
  }
  void send_and_turn(std::string_view bytes) {
    const std::uint64_t before = loop->stats().received_bytes.value();
    ASSERT_EQ(peer_->send(bytes), bytes.size());
    ASSERT_TRUE(turn_until([&] { return loop->stats().received_bytes.value() >= before + bytes.size(); }));
  }
  // What the server queued until it closed.
  std::string received_to_the_end() {
    EXPECT_TRUE(turn_until([&] {
      peer_->receive();
      return peer_->ended || peer_->error != 0;
    }));
    return peer_->received;
  }

  std::optional<ConnectionList> list_;
  std::optional<net::Peer> peer_;
  WsConnection* connection_ = nullptr;
};

}  // namespace fanfare::session
