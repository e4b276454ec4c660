// Making sure that a port is ours before several loops share it.
//
// SO_REUSEPORT lets a second server of the same user join a port and take half of its connections; so the port is first
// taken without it.
#pragma once

#include "net/socket_address.h"

namespace fanfare::net {

// Returns when nobody listens on `address`; port 0 is always free. The port is not held afterwards: call it right
// before open_listen_sockets(), under whatever lock keeps two servers from starting at the same time. Fails:
// StartupError that names the address, the process that has it where that can be seen, and the remedy. Blocks: reads
// /proc when the port is taken.
void claim_port(const SocketAddress& address);

}  // namespace fanfare::net
