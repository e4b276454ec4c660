#include "net/connect.h"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

namespace fanfare::net {

namespace {

Error connect_error(const SocketAddress& address, int error) {
  return {ErrorKind::kIo, "cannot connect to " + address.to_string() + ": " + std::generic_category().message(error)};
}

// 0 or the errno with which connecting ended; ETIMEDOUT when `timeout` passed.
int await_connected(int fd, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  pollfd waiting{.fd = fd, .events = POLLOUT, .revents = 0};
  int ready = 0;
  do {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return ETIMEDOUT;
    ready = ::poll(&waiting, 1, static_cast<int>(left.count()));
  } while (ready == 0 || (ready < 0 && errno == EINTR));
  if (ready < 0) return errno;
  int error = 0;
  socklen_t length = sizeof(error);
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno;
}

}  // namespace

Result<UniqueFd> connect_blocking(const SocketAddress& address, std::chrono::milliseconds timeout) {
  UniqueFd socket(::socket(address.native_family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return connect_error(address, errno);
  sockaddr_storage native;
  const socklen_t length = address.to_native(native);
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&native), length) != 0) {
    if (errno != EINPROGRESS) return connect_error(address, errno);
    const int error = await_connected(socket.get(), timeout);
    if (error == ETIMEDOUT) {
      return Error{ErrorKind::kUnavailable,
                   "no answer from " + address.to_string() + " within " + std::to_string(timeout.count()) + " ms"};
    }
    if (error != 0) return connect_error(address, error);
  }
  const int on = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  ::fcntl(socket.get(), F_SETFL, ::fcntl(socket.get(), F_GETFL) & ~O_NONBLOCK);
  return socket;
}

}  // namespace fanfare::net
