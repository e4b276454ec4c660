#include "net/proxy_header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

#include <netinet/in.h>

namespace fanfare::net {

namespace {

using Outcome = ProxyHeader::Outcome;

constexpr std::string_view kLineBegin = "PROXY ";
constexpr std::size_t kLineBytesMax = 107;  // section 2.1, with its line end
constexpr std::string_view kSignature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t kFixedBytes = 16;  // signature, version and command, family, length

constexpr ProxyHeader kInvalid{.outcome = Outcome::kInvalid};
constexpr ProxyHeader kIncomplete{.outcome = Outcome::kIncomplete};

bool begins_alike(std::string_view text, std::string_view whole) noexcept {
  return text.substr(0, whole.size()) == whole.substr(0, text.size());
}

// The next word of a line, without the space behind it.
std::string_view take_word(std::string_view& line) noexcept {
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(line.size(), word.size() + 1));
  return word;
}

std::optional<std::uint16_t> port_of(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool is_plain = text == "0" || (!text.empty() && text.front() != '0');
  if (error != std::errc() || end != text.data() + text.size() || !is_plain) return std::nullopt;
  return port;
}

// "TCP4 192.0.2.1 198.51.100.1 56324 443", "UNKNOWN …"
ProxyHeader parse_line(std::string_view line, std::size_t size) noexcept {
  const std::string_view family = take_word(line);
  if (family == "UNKNOWN") return {.outcome = Outcome::kComplete, .size = size};
  if (family != "TCP4" && family != "TCP6") return kInvalid;
  const Result<SocketAddress> source = SocketAddress::parse_digits(take_word(line));
  const Result<SocketAddress> destination = SocketAddress::parse_digits(take_word(line));
  const std::optional<std::uint16_t> source_port = port_of(take_word(line));
  const std::optional<std::uint16_t> destination_port = port_of(take_word(line));
  if (!source.ok() || !destination.ok() || !source_port || !destination_port || !line.empty()) return kInvalid;
  if (family == "TCP4" && (source->is_ipv6() || destination->is_ipv6())) return kInvalid;
  return {.outcome = Outcome::kComplete, .size = size, .client = source->with_port(*source_port)};
}

ProxyHeader parse_version1(std::string_view text) noexcept {
  const std::size_t end = text.substr(0, kLineBytesMax).find("\r\n");
  if (end != std::string_view::npos) {
    return parse_line(text.substr(kLineBegin.size(), end - kLineBegin.size()), end + 2);
  }
  return text.size() < kLineBytesMax ? kIncomplete : kInvalid;
}

SocketAddress address_of(int family, ByteView addresses) noexcept {
  sockaddr_storage native{};
  if (family == AF_INET) {
    sockaddr_in ipv4{};
    ipv4.sin_family = AF_INET;
    std::memcpy(&ipv4.sin_addr, addresses.data(), 4);
    std::memcpy(&ipv4.sin_port, addresses.data() + 8, 2);
    std::memcpy(&native, &ipv4, sizeof(ipv4));
  } else {
    sockaddr_in6 ipv6{};
    ipv6.sin6_family = AF_INET6;
    std::memcpy(&ipv6.sin6_addr, addresses.data(), 16);
    std::memcpy(&ipv6.sin6_port, addresses.data() + 32, 2);
    std::memcpy(&native, &ipv6, sizeof(ipv6));
  }
  return SocketAddress::from_native(reinterpret_cast<const sockaddr*>(&native));
}

ProxyHeader parse_version2(ByteView bytes) noexcept {
  constexpr std::uint8_t kVersion2 = 0x2;
  constexpr std::uint8_t kLocal = 0x0;
  constexpr std::uint8_t kProxied = 0x1;
  constexpr std::uint8_t kTcp4 = 0x11;
  constexpr std::uint8_t kTcp6 = 0x21;
  constexpr std::size_t kTcp4Bytes = 12;
  constexpr std::size_t kTcp6Bytes = 36;
  if (bytes.size() < kFixedBytes) return kIncomplete;
  const std::uint8_t command = bytes[12] & 0x0FU;
  if (bytes[12] >> 4U != kVersion2 || command > kProxied) return kInvalid;
  const std::size_t length = load_be16(bytes.data() + 14);
  const ProxyHeader complete{.outcome = Outcome::kComplete, .size = kFixedBytes + length};
  if (complete.size > kProxyHeaderBytesMax) return kInvalid;
  const std::uint8_t family = bytes[13];
  if (command == kProxied && family == kTcp4 && length < kTcp4Bytes) return kInvalid;
  if (command == kProxied && family == kTcp6 && length < kTcp6Bytes) return kInvalid;
  if (bytes.size() < complete.size) return kIncomplete;
  ProxyHeader header = complete;
  if (command == kLocal) return header;
  if (family == kTcp4) header.client = address_of(AF_INET, bytes.subspan(kFixedBytes, kTcp4Bytes));
  if (family == kTcp6) header.client = address_of(AF_INET6, bytes.subspan(kFixedBytes, kTcp6Bytes));
  return header;
}

}  // namespace

ProxyHeader parse_proxy_header(ByteView bytes) noexcept {
  const std::string_view text = as_text(bytes);
  if (text.empty()) return kIncomplete;
  if (begins_alike(text, kSignature)) return text.size() < kSignature.size() ? kIncomplete : parse_version2(bytes);
  if (begins_alike(text, kLineBegin)) return text.size() < kLineBegin.size() ? kIncomplete : parse_version1(text);
  return kInvalid;
}

}  // namespace fanfare::net
