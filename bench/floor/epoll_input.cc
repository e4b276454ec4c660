#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "input.h"

namespace fanfare::floor {

namespace {

constexpr std::size_t kReceiveBytes = 256 * kKiB;
constexpr int kBatch = 256;

class EpollInput final : public Input {
 public:
  EpollInput(net::UniqueFd listening, InputHandler& handler)
      : listening_(std::move(listening)),
        handler_(handler),
        epoll_(::epoll_create1(EPOLL_CLOEXEC)),
        buffer_(kReceiveBytes) {
    watch(EPOLL_CTL_ADD, listening_.get(), EPOLLIN, nullptr);
  }

  void turn(int wait_max_ms) override {
    std::array<epoll_event, kBatch> events;
    const int count = ::epoll_wait(epoll_.get(), events.data(), kBatch, wait_max_ms);
    for (int i = 0; i < count; ++i) {
      const epoll_event& event = events[static_cast<std::size_t>(i)];
      auto* connection = static_cast<Connection*>(event.data.ptr);
      if (connection == nullptr) {
        accept_all();
        continue;
      }
      if (!connection->socket) continue;
      if ((event.events & EPOLLOUT) != 0) {
        watch(EPOLL_CTL_MOD, connection->socket.get(), EPOLLIN, connection);
        handler_.on_writable(*connection);
      }
      if (connection->socket && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) receive(*connection);
    }
    for (Connection* connection : std::exchange(closed_, {})) handler_.on_released(*connection);
  }

  void tell_writable(Connection& connection) override {
    watch(EPOLL_CTL_MOD, connection.socket.get(), EPOLLIN | EPOLLOUT, &connection);
  }

  void close(Connection& connection) override {
    connection.socket.reset();
    closed_.push_back(&connection);
  }

 private:
  void watch(int operation, int fd, std::uint32_t events, void* subject) {
    epoll_event event{};
    event.events = events;
    event.data.ptr = subject;
    ::epoll_ctl(epoll_.get(), operation, fd, &event);
  }

  void accept_all() {
    for (;;) {
      net::UniqueFd accepted(::accept4(listening_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!accepted) return;
      const int fd = accepted.get();
      watch(EPOLL_CTL_ADD, fd, EPOLLIN, &handler_.on_accepted(std::move(accepted)));
    }
  }

  void receive(Connection& connection) {
    const ssize_t count = ::recv(connection.socket.get(), buffer_.data(), buffer_.size(), 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) return handler_.on_end(connection);
    handler_.on_bytes(connection, MutableBytes(buffer_).first(static_cast<std::size_t>(count)));
  }

  net::UniqueFd listening_;
  InputHandler& handler_;
  net::UniqueFd epoll_;
  std::vector<std::uint8_t> buffer_;
  std::vector<Connection*> closed_;  // until the turn's end
};

}  // namespace

std::unique_ptr<Input> make_epoll_input(net::UniqueFd listening, InputHandler& handler) {
  return std::make_unique<EpollInput>(std::move(listening), handler);
}

}  // namespace fanfare::floor
