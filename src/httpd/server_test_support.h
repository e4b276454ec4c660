// For the tests of this module: a server on a loop that the test turns by hand, and plain clients on real sockets.
#pragma once

#include <cerrno>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "httpd/http_server.h"
#include "net/connect.h"
#include "net/listener.h"
#include "support/manual_clock.h"

namespace fanfare::httpd {

class TestClient {
 public:
  explicit TestClient(net::UniqueFd socket) : socket_(std::move(socket)) {
    ::fcntl(socket_.get(), F_SETFL, ::fcntl(socket_.get(), F_GETFL) | O_NONBLOCK);
  }

  std::size_t send(std::string_view text) {
    const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }
  void receive() {
    char buffer[65536];
    const ssize_t count = ::recv(socket_.get(), buffer, sizeof(buffer), 0);
    if (count > 0) received.append(buffer, static_cast<std::size_t>(count));
    if (count == 0) ended = true;
    if (count < 0 && errno != EAGAIN) error = errno;
  }
  void end() { ::shutdown(socket_.get(), SHUT_WR); }
  void close() { socket_.reset(); }

  // How many whole answers begin in `received`.
  std::size_t answers() const {
    std::size_t count = 0;
    for (std::size_t at = received.find("HTTP/1.1 "); at != std::string::npos;
         at = received.find("HTTP/1.1 ", at + 1)) {
      ++count;
    }
    return count;
  }

  std::string received;
  bool ended = false;
  int error = 0;

 private:
  net::UniqueFd socket_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    router_.add(http::Method::kGet, "/hello", [](const http::Request&, const RouteCaptures&, Responder responder) {
      responder.respond(http::text_response(200, "hello"));
    });
    router_.add(http::Method::kPost, "/echo",
                [](const http::Request& request, const RouteCaptures&, Responder responder) {
                  responder.respond(http::text_response(200, std::string(as_text(request.body))));
                });
    router_.add(http::Method::kPost, "/publish", [](const http::Request&, const RouteCaptures&, Responder responder) {
      responder.respond_empty_object();
    });
    router_.add(http::Method::kGet, "/later/{number}",
                [this](const http::Request&, const RouteCaptures& captures, Responder responder) {
                  later_.emplace_back(std::string(captures["number"]), std::move(responder));
                });
    router_.add(http::Method::kGet, "/forgotten", [](const http::Request&, const RouteCaptures&, Responder) {});
  }

  net::EventLoop& loop() {
    if (!loop_) loop_ = std::make_unique<net::EventLoop>(LoopIndex(0), net_options_, clock_);
    return *loop_;
  }
  HttpServer& server() {
    if (server_) return *server_;
    server_ = std::make_unique<HttpServer>(loop(), options_, router_, upgrades_);
    auto sockets = net::open_listen_sockets(*net::SocketAddress::parse("127.0.0.1", 0), 1, 64);
    EXPECT_TRUE(sockets.ok());
    listener_ = std::make_unique<net::Listener>(loop(), std::move((*sockets)[0]), *server_);
    return *server_;
  }
  TestClient connect() {
    server();
    auto socket = net::connect_blocking(listener_->local_address());
    EXPECT_TRUE(socket.ok());
    return TestClient(*std::move(socket));
  }

  bool turn_until(const std::function<bool()>& reached) {
    for (int i = 0; i < 5'000; ++i) {
      if (reached()) return true;
      loop().turn(std::chrono::milliseconds(1));
    }
    return reached();
  }
  bool receive_until(TestClient& client, const std::function<bool()>& reached) {
    return turn_until([&] {
      client.receive();
      return reached();
    });
  }
  bool receive_answers(TestClient& client, std::size_t count) {
    return receive_until(client, [&] { return client.answers() >= count; });
  }
  bool receive_end(TestClient& client) {
    return receive_until(client, [&] { return client.ended || client.error != 0; });
  }
  void advance(std::chrono::milliseconds time) {
    clock_.advance(time);
    for (int i = 0; i < 3; ++i) loop().turn(std::chrono::milliseconds(0));
  }
  void answer_later(std::size_t index) { later_[index].second.respond(http::text_response(200, later_[index].first)); }

  ManualClock clock_;
  net::NetOptions net_options_;
  HttpdOptions options_;
  Router router_;
  UpgradeHandler* upgrades_ = nullptr;
  std::vector<std::pair<std::string, Responder>> later_;
  std::unique_ptr<net::EventLoop> loop_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace fanfare::httpd
