#include "net/listener.h"

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "base/log.h"
#include "base/startup_error.h"
#include "net/tcp_stream.h"

namespace fanfare::net {

namespace {

const Logger kLog("net");

// How long a listener rests when the kernel has neither memory nor descriptors for another connection.
constexpr std::chrono::milliseconds kRetryDelay{100};

Error listen_error(const SocketAddress& address, const char* step, int error) {
  return {ErrorKind::kIo,
          "cannot listen on " + address.to_string() + ": " + step + ": " + std::generic_category().message(error)};
}

Result<UniqueFd> open_listen_socket(const SocketAddress& address, int backlog) {
  UniqueFd socket(::socket(address.native_family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket) return listen_error(address, "socket", errno);
  const int on = 1;
  const int off = 0;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  // "::" stands for IPv4 as well, whatever net.ipv6.bindv6only says.
  if (address.is_ipv6()) ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
  // Accepted sockets inherit it, which saves a system call each.
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  if (::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) != 0) {
    return listen_error(address, "SO_REUSEPORT", errno);
  }
  sockaddr_storage native;
  const socklen_t length = address.to_native(native);
  if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&native), length) != 0) {
    return listen_error(address, "bind", errno);
  }
  if (::listen(socket.get(), backlog) != 0) return listen_error(address, "listen", errno);
  return socket;
}

}  // namespace

Result<std::vector<UniqueFd>> open_listen_sockets(const SocketAddress& address, std::size_t count, int backlog) {
  std::vector<UniqueFd> sockets;
  SocketAddress shared = address;
  for (std::size_t i = 0; i < count; ++i) {
    auto socket = open_listen_socket(shared, backlog);
    if (!socket.ok()) return std::move(socket).error();
    if (i == 0) shared = address.with_port(SocketAddress::of_local_end(socket->get()).port());
    sockets.push_back(*std::move(socket));
  }
  return sockets;
}

Listener::Listener(EventLoop& loop, UniqueFd listening, AcceptHandler& handler)
    : loop_(loop),
      handler_(handler),
      socket_(std::move(listening)),
      local_address_(SocketAddress::of_local_end(socket_.get())) {
  const int error = loop_.backend().attach(*this, socket_.get());
  if (error != 0) {
    throw StartupError("cannot listen on " + local_address_.to_string() +
                       ": epoll_ctl: " + std::generic_category().message(error));
  }
  loop_.backend().start_accepting(*this);
}

Listener::~Listener() { stop(); }

void Listener::stop() {
  loop_.check_thread();
  if (!socket_) return;
  retry_timer_.cancel();
  loop_.backend().detach(*this);
  socket_.reset();
}

void Listener::on_accepted(UniqueFd connected, const SocketAddress& peer) {
  handler_.on_accepted(make_in_slab<TcpStream>(loop_.slabs(), loop_, std::move(connected), peer), {});
}

void Listener::on_accept_exhausted(int error) {
  if (const auto held_back = pauses_.pass({}, loop_.now())) {
    kLog.warning("accepting pauses: the system has no room for another connection",
                 {{"address", local_address_.to_string()},
                  {"error", std::generic_category().message(error)},
                  {"retry_ms", kRetryDelay.count()},
                  {"held_back", *held_back}});
  }
  loop_.schedule(retry_timer_, kRetryDelay);
}

void Listener::retry() { loop_.backend().start_accepting(*this); }

}  // namespace fanfare::net
