// For the tests of this module: a server on the loopback that answers each connection with what a function makes of its
// request, and an executor whose tasks a test takes one by one.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
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

#include "base/executor.h"

namespace fanfare::fetch {

class LoopbackServer {
 public:
  // The bytes to send back, after which the connection is closed.
  using Answer = std::function<std::string(const std::string& request)>;

  explicit LoopbackServer(Answer answer) : answer_(std::move(answer)) {
    listening_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::listen(listening_, 64), 0);
    socklen_t size = sizeof(address);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    address_ = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    accepting_ = std::thread([this] { accept_all(); });
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  // The answers must have been let go by then.
  ~LoopbackServer() { stop(); }

  void stop() {
    if (listening_ < 0) return;
    ::shutdown(listening_, SHUT_RDWR);  // wakes accept()
    accepting_.join();
    for (std::thread& connection : connections_) connection.join();
    ::close(std::exchange(listening_, -1));
  }

  const std::string& address() const { return address_; }
  std::string url(std::string_view path) const { return "http://" + address_ + std::string(path); }

 private:
  void accept_all() {
    for (int socket = 0; (socket = ::accept4(listening_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
      connections_.emplace_back([this, socket] { serve(socket); });
    }
  }

  void serve(int socket) {
    std::string request;
    char buffer[4096];
    while (!is_whole(request)) {
      const ssize_t count = ::recv(socket, buffer, sizeof(buffer), 0);
      if (count <= 0) break;
      request.append(buffer, static_cast<std::size_t>(count));
    }
    std::string_view left;
    const std::string answer = answer_(request);
    for (left = answer; !left.empty();) {
      const ssize_t count = ::send(socket, left.data(), left.size(), MSG_NOSIGNAL);
      if (count <= 0) break;
      left.remove_prefix(static_cast<std::size_t>(count));
    }
    ::close(socket);
  }

  static bool is_whole(const std::string& request) {
    const std::size_t end = request.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    const std::size_t length = request.find("Content-Length: ");
    const std::size_t body = length < end ? std::stoul(request.substr(length + 16)) : 0;
    return request.size() >= end + 4 + body;
  }

  Answer answer_;
  int listening_ = -1;
  std::string address_;
  std::vector<std::thread> connections_;
  std::thread accepting_;
};

inline std::string http_answer(std::string_view status, std::string_view headers, std::string_view body) {
  return "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + std::string(body);
}

class WaitingExecutor final : public Executor {
 public:
  void post(Task task) override {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
    arrived_.notify_one();
  }
  bool try_reserve(std::size_t) override { return true; }
  void post_reserved(Task task) override { post(std::move(task)); }
  void release(std::size_t) override {}
  LoopIndex index() const noexcept override { return LoopIndex(0); }

  // Waits for a task and runs it.
  void run_one() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return !tasks_.empty(); });
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task();
  }
  std::size_t pending() {
    const std::lock_guard lock(mutex_);
    return tasks_.size();
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Task> tasks_;
};

}  // namespace fanfare::fetch
