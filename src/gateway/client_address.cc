#include "gateway/client_address.h"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

#include "pusher/quote.h"

namespace fanfare::gateway {
namespace {

using Bytes = std::array<std::uint8_t, 16>;
constexpr unsigned kMappedBits = 96;

bool is_ipv4(const Bytes& bytes) noexcept {
  constexpr Bytes kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  return std::equal(bytes.begin(), bytes.begin() + 12, kMapped.begin());
}

std::optional<Bytes> parse_address(std::string_view text) {
  const std::string terminated(text);
  Bytes bytes{};
  if (::inet_pton(AF_INET, terminated.c_str(), bytes.data() + 12) == 1) {
    bytes[10] = bytes[11] = 0xFF;
    return bytes;
  }
  if (::inet_pton(AF_INET6, terminated.c_str(), bytes.data()) == 1) return bytes;
  return std::nullopt;
}

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// "[::1]:80", "192.0.2.1:80" and plain addresses; some proxies write the port, too.
std::string_view without_port(std::string_view text) noexcept {
  if (text.starts_with('[')) return text.substr(1, text.find(']') - 1);
  const std::size_t colon = text.find(':');
  const bool is_ipv4_with_port = colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos;
  return is_ipv4_with_port ? text.substr(0, colon) : text;
}

}  // namespace

Result<Network> Network::parse(std::string_view text) {
  const auto refused = [&] {
    return invalid("expected an address or a network, as in \"10.0.0.0/8\", found \"" + pusher::shortened(text, 64) +
                   "\"");
  };
  const std::size_t slash = text.find('/');
  const auto bytes = parse_address(text.substr(0, slash));
  if (!bytes) return refused();
  Network network;
  network.bytes_ = *bytes;
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  const unsigned bits_max = is_ipv4(*bytes) ? 32 : 128;
  if (error != std::errc() || end != digits.data() + digits.size() || bits > bits_max) return refused();
  network.bits_ = bits + (is_ipv4(*bytes) ? kMappedBits : 0);
  return network;
}

bool Network::contains(std::string_view address) const {
  const auto bytes = parse_address(address);
  if (!bytes) return false;
  for (unsigned bit = 0; bit < bits_; bit += 8) {
    const unsigned left = std::min(bits_ - bit, 8U);
    const auto mask = static_cast<std::uint8_t>(0xFFU << (8 - left));
    if ((((*bytes)[bit / 8] ^ bytes_[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::string client_address(std::string_view peer, std::string_view forwarded, std::span<const Network> trusted) {
  const auto is_trusted = [&](std::string_view address) {
    return std::ranges::any_of(trusted, [&](const Network& network) { return network.contains(address); });
  };
  std::string_view client = peer;
  while (!forwarded.empty() && is_trusted(client)) {
    const std::size_t comma = forwarded.rfind(',');
    const std::string_view next =
        without_port(trimmed(comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1)));
    forwarded = comma == std::string_view::npos ? std::string_view{} : forwarded.substr(0, comma);
    if (!parse_address(next)) break;  // "unknown", or nonsense: the last one that is known counts
    client = next;
  }
  return std::string(client);
}

std::string limit_key_of(std::string_view address) {
  const auto bytes = parse_address(address);
  if (!bytes || is_ipv4(*bytes)) return std::string(address);
  return std::string(reinterpret_cast<const char*>(bytes->data()), 8);
}

}  // namespace fanfare::gateway
