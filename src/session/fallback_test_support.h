// For the tests of fallback sessions: the module's fixture with an HTTP server on its loop, and clients on real sockets
// that read answers as a browser does.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "httpd/server_test_support.h"
#include "session/fallback_endpoint.h"
#include "session/session_test_support.h"

namespace fanfare::session {

// What an HTTP client makes of the first answer in the bytes that it has received.
struct HttpAnswer {
  int status = 0;
  std::string head;
  std::string body;
  bool is_whole = false;
  std::size_t bytes = 0;  // of a whole one
};

inline HttpAnswer read_answer(const std::string& received) {
  HttpAnswer answer;
  const std::size_t head_end = received.find("\r\n\r\n");
  if (head_end == std::string::npos) return answer;
  answer.status = std::stoi(received.substr(9, 3));
  answer.head = received.substr(0, head_end + 2);
  std::size_t at = head_end + 4;
  if (answer.head.find("Transfer-Encoding: chunked") != std::string::npos) {
    for (;;) {
      const std::size_t line_end = received.find("\r\n", at);
      if (line_end == std::string::npos) return answer;
      const std::size_t size = std::stoul(received.substr(at, line_end - at), nullptr, 16);
      if (received.size() < line_end + 2 + size + 2) return answer;
      answer.body += received.substr(line_end + 2, size);
      at = line_end + 2 + size + 2;
      if (size == 0) break;
    }
  } else {
    const std::size_t length = answer.head.find("Content-Length: ");
    const std::size_t size = length == std::string::npos ? 0 : std::stoul(answer.head.substr(length + 16));
    answer.body = received.substr(at, size);
    at += size;
    if (received.size() < at || (length == std::string::npos && answer.status == 200)) return answer;
  }
  answer.is_whole = true;
  answer.bytes = at;
  return answer;
}

class FallbackFixture : public SessionFixture {
 public:
  FallbackFixture() { set_log_level(LogLevel::kOff); }  // refusals are warned of

  FallbackContext& fallback() {
    if (fallback_ == nullptr) {
      context();
      connections_ = std::make_unique<ConnectionList>(*loop);
      fallback_ = std::make_unique<FallbackContext>(FallbackContext{context(), *connections_});
      endpoint_ = std::make_unique<FallbackEndpoint>(*fallback_);
      endpoint_->add_to(router_);
      server_ = std::make_unique<httpd::HttpServer>(*loop, http_options, router_, nullptr);
      auto sockets = net::open_listen_sockets(*net::SocketAddress::parse("127.0.0.1", 0), 1, 64);
      EXPECT_TRUE(sockets.ok());
      listener_ = std::make_unique<net::Listener>(*loop, std::move((*sockets)[0]), *server_);
    }
    return *fallback_;
  }
  ConnectionList& connections() { return *connections_; }
  httpd::HttpServer& server() { return *server_; }

  httpd::TestClient connect_http() {
    fallback();
    auto socket = net::connect_blocking(listener_->local_address());
    EXPECT_TRUE(socket.ok());
    return httpd::TestClient(*std::move(socket));
  }
  bool turn_until(const std::function<bool()>& reached) {
    for (int i = 0; i < 5'000 && !reached(); ++i) {
      loop->turn(std::chrono::milliseconds{1});
      loops.settle();
    }
    return reached();
  }
  bool receive_until(httpd::TestClient& client, const std::function<bool()>& reached) {
    return turn_until([&] {
      client.receive();
      return reached();
    });
  }

  // A session of app "key" that lives on the loop of this fixture: "/app/key/417/<id>".
  std::string session_path(int number = 0, std::string_view begin = "app/key/") {
    for (int i = 1000 * number;; ++i) {
      const std::string name = std::string(begin) + "417/session" + std::to_string(i);
      if (loops.loops.home_of(std::hash<std::string_view>{}(name)).value() == 0) return "/" + name;
    }
  }
  // Sends one request and takes its whole answer off the connection.
  HttpAnswer ask(httpd::TestClient& client, const std::string& request) {
    client.send(request);
    return take_answer(client);
  }
  HttpAnswer take_answer(httpd::TestClient& client) {
    EXPECT_TRUE(receive_until(client, [&] { return read_answer(client.received).is_whole; })) << client.received;
    HttpAnswer answer = read_answer(client.received);
    client.received.erase(0, answer.bytes);
    return answer;
  }
  // Waits until the lines of a stream, or of a poll, end so.
  bool receive_lines(httpd::TestClient& client, const std::string& end) {
    return receive_until(client, [&] { return read_answer(client.received).body.ends_with(end); });
  }

  static std::string post(std::string_view path, std::string_view body = {}, std::string_view version = "1.1") {
    return "POST /pusher" + std::string(path) + " HTTP/" + std::string(version) +
           "\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }
  static std::string get(std::string_view path) {
    return "GET /pusher" + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }

  httpd::HttpdOptions http_options;

 private:
  httpd::Router router_;
  std::unique_ptr<FallbackContext> fallback_;  // outlives the sessions
  std::unique_ptr<ConnectionList> connections_;
  std::unique_ptr<FallbackEndpoint> endpoint_;
  std::unique_ptr<httpd::HttpServer> server_;
  std::unique_ptr<net::Listener> listener_;
};

}  // namespace fanfare::session
