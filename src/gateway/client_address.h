// Who a request comes from, as far as proxies may be believed.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fanfare::gateway {

// "10.0.0.0/8", "192.0.2.1", "::1", "fd00::/8".
class Network {
 public:
  // Fails: kInvalid, with what was found.
  static Result<Network> parse(std::string_view text);
  bool contains(std::string_view address) const;

 private:
  std::array<std::uint8_t, 16> bytes_{};  // IPv4 as ::ffff:a.b.c.d
  unsigned bits_ = 128;
};

// `peer`: the address of the connection, in digits. `forwarded`: all X-Forwarded-For values, joined with commas; read
// from its end as long as what is named is one of `trusted`. So what a client itself writes into it counts only where a
// trusted proxy passed it on as its peer.
std::string client_address(std::string_view peer, std::string_view forwarded, std::span<const Network> trusted);

// What limits count by: an IPv4 address, or the /64 of an IPv6 one, of which a client has many addresses.
std::string limit_key_of(std::string_view address);

}  // namespace fanfare::gateway
