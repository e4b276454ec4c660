// Opening a port for this process alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "net/socket_address.h"
#include "net/unique_fd.h"

namespace fanfare::server {

struct OpenedPort {
  std::vector<net::UniqueFd> sockets;  // one for each loop
  net::SocketAddress address;          // with the port that the kernel picked, where 0 was asked for
};

// Fails: StartupError that names the address, who has it, and the remedy.
OpenedPort open_port(const std::string& host, std::uint16_t port, std::size_t sockets, int backlog);

}  // namespace fanfare::server
