// For the tests of the transport: an HTTP server on the loopback that keeps connections, answers each request with what
// a function makes of it, and counts.
#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace fanfare::sdk {

class LoopbackServer {
 public:
  // The bytes to send back; none: the connection is closed without an answer.
  using Answer = std::function<std::optional<std::string>(const std::string& request)>;

  explicit LoopbackServer(Answer answer) : answer_(std::move(answer)) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::listen(listening_, 64), 0);
    socklen_t size = sizeof(address);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() { stop(); }

  void stop() {
    if (listening_ < 0) return;
    ::shutdown(listening_, SHUT_RDWR);  // wakes accept()
    accepting_.join();
    {
      const std::lock_guard lock(mutex_);
      for (const int socket : open_) ::shutdown(socket, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    ::close(std::exchange(listening_, -1));
  }

  std::uint16_t port() const noexcept { return port_; }
  std::string url(std::string_view path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + std::string(path);
  }
  int connections() const noexcept { return connections_; }
  int requests() const noexcept { return requests_; }

 private:
  void accept_all() {
    for (int socket = 0; (socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      ++connections_;
      const std::lock_guard lock(mutex_);
      open_.push_back(socket);
      threads_.emplace_back([this, socket] { serve(socket); });
    }
  }

  void serve(int socket) {
    std::string unread;
    while (const std::optional<std::string> request = read_request(socket, unread)) {
      ++requests_;
      const std::optional<std::string> answer = answer_(*request);
      if (!answer || !send_all(socket, *answer)) break;
    }
    const std::lock_guard lock(mutex_);
    std::erase(open_, socket);
    ::close(socket);
  }

  static std::optional<std::string> read_request(int socket, std::string& unread) {
    char buffer[4096];
    for (;;) {
      if (const std::size_t size = whole_size(unread); size > 0) {
        std::string request = unread.substr(0, size);
        unread.erase(0, size);
        return request;
      }
      const ssize_t count = ::recv(socket, buffer, sizeof(buffer), 0);
      if (count <= 0) return std::nullopt;
      unread.append(buffer, static_cast<std::size_t>(count));
    }
  }

  // Zero: not whole yet.
  static std::size_t whole_size(const std::string& text) {
    const std::size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos) return 0;
    const std::size_t length = text.find("Content-Length: ");
    const std::size_t body = length < end ? std::stoul(text.substr(length + 16)) : 0;
    return text.size() >= end + 4 + body ? end + 4 + body : 0;
  }

  static bool send_all(int socket, std::string_view left) {
    while (!left.empty()) {
      const ssize_t count = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      left.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  Answer answer_;
  int listening_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<int> requests_{0};
  std::mutex mutex_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

inline std::string answer_bytes(std::string_view status, std::string_view body, std::string_view headers = {}) {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

}  // namespace fanfare::sdk
