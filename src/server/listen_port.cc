#include "server/listen_port.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/startup_error.h"
#include "net/listener.h"
#include "net/port_claim.h"

namespace fanfare::server {

namespace {

// Two servers that start at the same moment could both find the port free and then share it. An abstract Unix socket is
// a lock that the kernel takes back from whoever dies.
class StartLock {
 public:
  explicit StartLock(std::uint16_t port) : socket_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    const std::string text = fmt::format("fanfare-start-{}", port);
    std::memcpy(name.sun_path + 1, text.data(), text.size());
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + text.size());
    constexpr int kTries = 100;
    for (int i = 0; i < kTries; ++i) {
      if (::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&name), length) == 0 || errno != EADDRINUSE) return;
      std::this_thread::sleep_for(std::chrono::milliseconds{50});  // another start holds it while it opens its sockets
    }
    throw StartupError(fmt::format("another Fanfare is starting on port {} and does not get on: stop it first", port));
  }

 private:
  net::UniqueFd socket_;
};

}  // namespace

OpenedPort open_port(const std::string& host, std::uint16_t port, std::size_t sockets, int backlog) {
  const Result<net::SocketAddress> address = net::SocketAddress::resolve_blocking(host, port);
  if (!address.ok()) throw StartupError(fmt::format("cannot listen on {}:{}: {}", host, port, address.error().message));
  // A port that the kernel picks is nobody else's.
  std::optional<StartLock> lock;
  if (port != 0) {
    lock.emplace(port);
    net::claim_port(*address);
  }
  Result<std::vector<net::UniqueFd>> opened = net::open_listen_sockets(*address, sockets, backlog);
  if (!opened.ok()) throw StartupError(opened.error().message);
  OpenedPort result{*std::move(opened), {}};
  result.address = net::SocketAddress::of_local_end(result.sockets.front().get());
  return result;
}

}  // namespace fanfare::server
