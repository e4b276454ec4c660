#include "support/test_socket.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include "support/deadline.h"

namespace fanfare::test {

namespace {

std::runtime_error system_error(const std::string& what) {
  return std::runtime_error(what + ": " + std::strerror(errno));
}

bool is_gone(int error) { return error == ECONNRESET || error == EPIPE; }

}  // namespace

TestSocket::TestSocket(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (!socket_) throw system_error("socket");
  // Before connecting: the window is agreed on then.
  if (receive_buffer != 0) ::setsockopt(fd(), SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
  const int yes = 1;
  ::setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) throw system_error("connect");
}

void TestSocket::send(std::string_view bytes) {
  if (!try_send(bytes)) throw std::runtime_error("the server closed the connection while bytes were being sent");
}

bool TestSocket::try_send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      wait_for(POLLOUT);
    } else if (is_gone(errno)) {
      return false;
    } else if (errno != EINTR) {
      throw system_error("send");
    }
  }
  return true;
}

std::size_t TestSocket::send_some(std::string_view bytes) {
  const ssize_t sent = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

bool TestSocket::receive(std::string& to) {
  std::array<char, 65'536> buffer;
  for (;;) {
    const ssize_t count = ::recv(fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
      to.append(buffer.data(), static_cast<std::size_t>(count));
      return true;
    }
    if (count == 0) return false;
    if (is_gone(errno)) {
      was_reset_ = true;
      return false;
    }
    if (errno != EAGAIN && errno != EINTR) throw system_error("recv");
    wait_for(POLLIN);
  }
}

bool TestSocket::is_readable(int milliseconds) const {
  pollfd entry{.fd = fd(), .events = POLLIN, .revents = 0};
  return ::poll(&entry, 1, milliseconds) > 0;
}

void TestSocket::end() { ::shutdown(fd(), SHUT_WR); }

void TestSocket::reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  socket_.reset();
}

std::uint16_t TestSocket::local_port() const {
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ::getsockname(fd(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

void TestSocket::wait_for(short events) const {
  pollfd entry{.fd = fd(), .events = events, .revents = 0};
  const auto patience = std::chrono::duration_cast<std::chrono::milliseconds>(kPatience);
  if (::poll(&entry, 1, static_cast<int>(patience.count())) == 0) {
    throw Timeout(events == POLLIN ? "nothing was received in time" : "nothing could be sent in time");
  }
}

}  // namespace fanfare::test
