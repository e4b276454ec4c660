// The PROXY protocol: the line, or the block of bytes, in front of a connection by which a proxy says for whom it
// connects. Versions 1 and 2.
//
// Thread: any; nothing is kept.
// Source: haproxy.org, "The PROXY protocol", versions 1 & 2, 2020/03/05
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/bytes.h"
#include "net/socket_address.h"

namespace fanfare::net {

// A block of version 2 with all its extensions; a line of version 1 has 107 bytes at most (section 2.1).
inline constexpr std::size_t kProxyHeaderBytesMax = 4096;

struct ProxyHeader {
  enum class Outcome : std::uint8_t {
    kIncomplete,  // the beginning of a header: every byte so far belongs to it
    kComplete,
    kInvalid,  // not a header, or longer than kProxyHeaderBytesMax
  };
  Outcome outcome = Outcome::kIncomplete;
  std::size_t size = 0;  // kComplete: of the header
  // kComplete: the client. None where the proxy speaks for itself (LOCAL: its own health check) or does not know
  // (UNKNOWN, or a family that is not TCP over IP): then the connection's own peer counts.
  SocketAddress client{};
};

ProxyHeader parse_proxy_header(ByteView bytes) noexcept;

}  // namespace fanfare::net
