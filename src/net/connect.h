// Connecting as a client: for tests, the command line and the load generator.
#pragma once

#include <chrono>

#include "base/result.h"
#include "net/socket_address.h"
#include "net/unique_fd.h"

namespace fanfare::net {

// A connected socket with TCP_NODELAY, in blocking mode; EventLoop::adopt() puts it on a loop.
// Blocks: never on a loop.
// Fails: kIo with the address and the system's reason; kUnavailable after `timeout`.
Result<UniqueFd> connect_blocking(const SocketAddress& address,
                                  std::chrono::milliseconds timeout = std::chrono::milliseconds{5000});

}  // namespace fanfare::net
