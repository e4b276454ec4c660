// SocketAddress: an IPv4 or IPv6 address with a port, in 20 bytes.
//
// IPv4 seen through an IPv6 socket (::ffff:192.0.2.1) is kept as IPv4, so that one client has one address.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include <sys/socket.h>

#include "base/result.h"

namespace fanfare::net {

class SocketAddress {
 public:
  SocketAddress() = default;  // no address: what a Unix socket pair has

  // `host`: an address in digits (IPv6 with or without brackets), "localhost" (127.0.0.1) or "*" (0.0.0.0).
  static Result<SocketAddress> parse(std::string_view host, std::uint16_t port);
  // An address in digits and nothing else, with port 0.
  static Result<SocketAddress> parse_digits(std::string_view text);
  // As parse(), and names are asked for. Blocks: never on a loop.
  static Result<SocketAddress> resolve_blocking(const std::string& host, std::uint16_t port);
  static SocketAddress from_native(const sockaddr* native) noexcept;
  static SocketAddress of_local_end(int fd) noexcept;
  static SocketAddress of_peer(int fd) noexcept;

  // Fills `native` and returns the length that the kernel wants with it.
  socklen_t to_native(sockaddr_storage& native) const noexcept;

  std::uint16_t port() const noexcept { return port_; }
  SocketAddress with_port(std::uint16_t port) const noexcept;
  bool is_valid() const noexcept { return family_ != Family::kNone; }
  bool is_ipv6() const noexcept { return family_ == Family::kIpv6; }
  bool is_any() const noexcept;  // 0.0.0.0 or ::
  int native_family() const noexcept;
  // 4 or 16 bytes in network order; for keys of maps.
  const std::array<std::uint8_t, 16>& ip_bytes() const noexcept { return bytes_; }

  std::string ip_text() const;    // "127.0.0.1", "::1"; "unknown" when there is none
  std::string to_string() const;  // "127.0.0.1:80", "[::1]:80"

  friend auto operator<=>(const SocketAddress&, const SocketAddress&) = default;

 private:
  enum class Family : std::uint8_t { kNone, kIpv4, kIpv6 };

  std::array<std::uint8_t, 16> bytes_{};  // IPv4 in the first four
  std::uint16_t port_ = 0;
  Family family_ = Family::kNone;
};

}  // namespace fanfare::net
