#include "gateway/limit_key.h"

#include "net/socket_address.h"

namespace fanfare::gateway {

std::string limit_key_of(std::string_view address) {
  constexpr std::size_t kNetworkBytes = 8;
  const auto parsed = net::SocketAddress::parse_digits(address);
  if (!parsed.ok() || !parsed->is_ipv6()) return std::string(address);
  return std::string(reinterpret_cast<const char*>(parsed->ip_bytes().data()), kNetworkBytes);
}

}  // namespace fanfare::gateway
