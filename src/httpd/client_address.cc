#include "httpd/client_address.h"

namespace fanfare::httpd {

namespace {

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

// The last member of a list, which it is taken off.
std::string_view take_last(std::string_view& list) noexcept {
  const std::size_t comma = list.rfind(',');
  const std::string_view last = comma == std::string_view::npos ? list : list.substr(comma + 1);
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(0, comma);
  return trimmed(last);
}

}  // namespace

net::SocketAddress client_address(const net::SocketAddress& peer, std::string_view forwarded,
                                  const net::TrustedProxies& trusted) {
  net::SocketAddress client = peer;
  while (!forwarded.empty() && trusted.contains(client)) {
    const auto next = net::SocketAddress::parse_digits(without_port(take_last(forwarded)));
    if (!next.ok()) break;  // "unknown", or nonsense: the last one that is known counts
    client = *next;
  }
  return client;
}

bool is_forwarded_tls(const net::SocketAddress& peer, const http::Request& request,
                      const net::TrustedProxies& trusted) {
  if (!trusted.contains(peer)) return false;
  // The nearest proxy's word, which is the last.
  const std::string protocols = request.joined_header("X-Forwarded-Proto");
  std::string_view list = protocols;
  const std::string_view protocol = take_last(list);
  return http::equals_ignoring_case(protocol, "https") || http::equals_ignoring_case(protocol, "wss");
}

}  // namespace fanfare::httpd
