// Networks, and the proxies in them that may say for whom they speak.
//
// Thread: immutable; any.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "net/socket_address.h"

namespace fanfare::net {

// "10.0.0.0/8", "192.0.2.1", "::1", "fd00::/8".
class Network {
 public:
  // Fails: kInvalid, with what was found.
  static Result<Network> parse(std::string_view text);
  bool contains(const SocketAddress& address) const noexcept;

 private:
  SocketAddress base_;
  unsigned bits_ = 0;
};

class TrustedProxies {
 public:
  TrustedProxies() = default;  // nobody
  // Networks, and "unix:" for whoever connects to the Unix socket.
  static Result<TrustedProxies> parse(const std::vector<std::string>& texts);

  bool empty() const noexcept { return networks_.empty() && !trusts_unix_; }
  // `peer` without an address: a Unix socket's.
  bool contains(const SocketAddress& peer) const noexcept;

 private:
  std::vector<Network> networks_;
  bool trusts_unix_ = false;
};

}  // namespace fanfare::net
