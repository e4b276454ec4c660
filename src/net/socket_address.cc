#include "net/socket_address.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <span>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>

namespace fanfare::net {

namespace {

constexpr std::array<std::uint8_t, 12> kMappedPrefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t kHostCharsMax = 253;  // RFC 1035, section 2.3.4

// Every client that connects has its address written for the quota; inet_ntop() takes sprintf() for that.
std::string ipv4_text(std::span<const std::uint8_t, 4> bytes) {
  std::array<char, INET_ADDRSTRLEN> text;
  char* end = text.data();
  for (const std::uint8_t byte : bytes) {
    end = std::to_chars(end, text.data() + text.size(), byte).ptr;
    *end++ = '.';
  }
  return {text.data(), end - 1};
}

}  // namespace

Result<SocketAddress> SocketAddress::parse(std::string_view host, std::uint16_t port) {
  if (host == "localhost") host = "127.0.0.1";
  if (host == "*") host = "0.0.0.0";
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  // inet_pton stops at a NUL; what is behind one would go unseen.
  const std::string text(host.substr(0, std::min(host.size(), host.find('\0'))));
  if (text.size() == host.size()) {
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    ipv4.sin_port = htons(port);
    if (::inet_pton(AF_INET, text.c_str(), &ipv4.sin_addr) == 1) {
      return from_native(reinterpret_cast<const sockaddr*>(&ipv4));
    }
    sockaddr_in6 ipv6{};
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = htons(port);
    if (::inet_pton(AF_INET6, text.c_str(), &ipv6.sin6_addr) == 1) {
      return from_native(reinterpret_cast<const sockaddr*>(&ipv6));
    }
  }
  return invalid("an IP address in digits or \"localhost\" is expected, not \"" + text.substr(0, kHostCharsMax) + "\"");
}

Result<SocketAddress> SocketAddress::parse_digits(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdefABCDEF.:";
  if (text.find_first_not_of(kDigits) != std::string_view::npos) return invalid("an IP address in digits is expected");
  return parse(text, 0);
}

Result<SocketAddress> SocketAddress::resolve_blocking(const std::string& host, std::uint16_t port) {
  if (auto numeric = parse(host, port); numeric.ok()) return numeric;
  if (host.empty() || host.size() > kHostCharsMax) return invalid("a host name of 1 to 253 characters is expected");
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  if (code != 0) return Error{ErrorKind::kIo, "cannot find the host " + host + ": " + ::gai_strerror(code)};
  for (const addrinfo* entry = found; entry != nullptr; entry = entry->ai_next) {
    const SocketAddress address = from_native(entry->ai_addr);
    if (address.is_valid()) return address.with_port(port);
  }
  return Error{ErrorKind::kNotFound, "the host " + host + " has neither an IPv4 nor an IPv6 address"};
}

SocketAddress SocketAddress::from_native(const sockaddr* native) noexcept {
  SocketAddress address;
  if (native->sa_family == AF_INET) {
    sockaddr_in ipv4;
    std::memcpy(&ipv4, native, sizeof(ipv4));
    address.family_ = Family::kIpv4;
    address.port_ = ntohs(ipv4.sin_port);
    std::memcpy(address.bytes_.data(), &ipv4.sin_addr, 4);
  } else if (native->sa_family == AF_INET6) {
    sockaddr_in6 ipv6;
    std::memcpy(&ipv6, native, sizeof(ipv6));
    address.port_ = ntohs(ipv6.sin6_port);
    const std::uint8_t* const bytes = ipv6.sin6_addr.s6_addr;
    if (std::equal(kMappedPrefix.begin(), kMappedPrefix.end(), bytes)) {
      address.family_ = Family::kIpv4;
      std::memcpy(address.bytes_.data(), bytes + kMappedPrefix.size(), 4);
    } else {
      address.family_ = Family::kIpv6;
      std::memcpy(address.bytes_.data(), bytes, 16);
    }
  }
  return address;
}

SocketAddress SocketAddress::of_local_end(int fd) noexcept {
  sockaddr_storage native{};
  socklen_t length = sizeof(native);
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&native), &length) != 0) return {};
  return from_native(reinterpret_cast<const sockaddr*>(&native));
}

SocketAddress SocketAddress::of_peer(int fd) noexcept {
  sockaddr_storage native{};
  socklen_t length = sizeof(native);
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&native), &length) != 0) return {};
  return from_native(reinterpret_cast<const sockaddr*>(&native));
}

socklen_t SocketAddress::to_native(sockaddr_storage& native) const noexcept {
  native = {};
  if (family_ == Family::kIpv6) {
    sockaddr_in6 ipv6{};
    ipv6.sin6_family = AF_INET6;
    ipv6.sin6_port = htons(port_);
    std::memcpy(&ipv6.sin6_addr, bytes_.data(), 16);
    std::memcpy(&native, &ipv6, sizeof(ipv6));
    return sizeof(ipv6);
  }
  sockaddr_in ipv4{};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(port_);
  std::memcpy(&ipv4.sin_addr, bytes_.data(), 4);
  std::memcpy(&native, &ipv4, sizeof(ipv4));
  return sizeof(ipv4);
}

SocketAddress SocketAddress::with_port(std::uint16_t port) const noexcept {
  SocketAddress changed = *this;
  changed.port_ = port;
  return changed;
}

bool SocketAddress::is_any() const noexcept {
  return is_valid() && std::all_of(bytes_.begin(), bytes_.end(), [](std::uint8_t byte) { return byte == 0; });
}

int SocketAddress::native_family() const noexcept {
  switch (family_) {
    case Family::kIpv4:
      return AF_INET;
    case Family::kIpv6:
      return AF_INET6;
    case Family::kNone:
      break;
  }
  return AF_UNSPEC;
}

std::string SocketAddress::ip_text() const {
  if (!is_valid()) return "unknown";
  if (!is_ipv6()) return ipv4_text(std::span(bytes_).first<4>());
  std::array<char, INET6_ADDRSTRLEN> text{};
  ::inet_ntop(native_family(), bytes_.data(), text.data(), text.size());
  return text.data();
}

std::string SocketAddress::to_string() const {
  if (!is_valid()) return "unknown";
  const std::string ip = is_ipv6() ? "[" + ip_text() + "]" : ip_text();
  return ip + ":" + std::to_string(port_);
}

}  // namespace fanfare::net
