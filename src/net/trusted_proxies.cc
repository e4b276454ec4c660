#include "net/trusted_proxies.h"

#include <algorithm>
#include <charconv>
#include <utility>

namespace fanfare::net {

Result<Network> Network::parse(std::string_view text) {
  constexpr std::size_t kShownBytes = 64;
  const auto refused = [&] {
    return invalid("expected an address or a network, as in \"10.0.0.0/8\", found \"" +
                   std::string(text.substr(0, kShownBytes)) + "\"");
  };
  const std::size_t slash = text.find('/');
  const Result<SocketAddress> base = SocketAddress::parse_digits(text.substr(0, slash));
  if (!base.ok()) return refused();
  const unsigned bits_max = base->is_ipv6() ? 128 : 32;
  Network network;
  network.base_ = *base;
  network.bits_ = bits_max;
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.bits_);
  if (error != std::errc() || end != digits.data() + digits.size() || network.bits_ > bits_max) return refused();
  return network;
}

bool Network::contains(const SocketAddress& address) const noexcept {
  if (address.is_ipv6() != base_.is_ipv6() || !address.is_valid()) return false;
  for (unsigned bit = 0; bit < bits_; bit += 8) {
    const unsigned left = std::min(bits_ - bit, 8U);
    const auto mask = static_cast<std::uint8_t>(0xFFU << (8 - left));
    if (((address.ip_bytes()[bit / 8] ^ base_.ip_bytes()[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

Result<TrustedProxies> TrustedProxies::parse(const std::vector<std::string>& texts) {
  TrustedProxies trusted;
  for (const std::string& text : texts) {
    if (text == "unix:") {
      trusted.trusts_unix_ = true;
      continue;
    }
    Result<Network> network = Network::parse(text);
    if (!network.ok()) return std::move(network).error();
    trusted.networks_.push_back(*network);
  }
  return trusted;
}

bool TrustedProxies::contains(const SocketAddress& peer) const noexcept {
  if (!peer.is_valid()) return trusts_unix_;
  return std::ranges::any_of(networks_, [&](const Network& network) { return network.contains(peer); });
}

}  // namespace fanfare::net
