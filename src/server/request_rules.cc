#include "server/request_rules.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "httpd/client_address.h"

namespace fanfare::server {

namespace {

constexpr std::uint16_t kHttpsPort = 443;

bool is_api(std::string_view path) { return path.starts_with("/apps/"); }

// A person's browser that asks for a page; not a script, an SDK, a probe, or the fallback transports of pusher-js,
// which follow no redirect to another origin.
bool is_page(const http::Request& request) {
  if (request.method != http::Method::kGet && request.method != http::Method::kHead) return false;
  if (is_api(request.path) || request.path.starts_with("/app/") || request.path.starts_with("/pusher/")) return false;
  return request.joined_header("Accept").find("text/html") != std::string::npos;
}

// The host that the client asked for, without its port. Empty: there is none that could stand in a URL.
std::string_view host_of(const http::Request& request) {
  constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
  constexpr std::string_view kIpv6Letters = "0123456789abcdefABCDEF:.";
  const std::string_view header = request.header("Host");
  if (header.starts_with('[')) {
    const std::size_t end = header.find(']');
    if (end == std::string_view::npos) return {};
    const bool is_address = header.substr(1, end - 1).find_first_not_of(kIpv6Letters) == std::string_view::npos;
    return is_address ? header.substr(0, end + 1) : std::string_view();
  }
  const std::string_view host = header.substr(0, header.find(':'));
  return host.find_first_not_of(kLetters) == std::string_view::npos ? host : std::string_view();
}

}  // namespace

std::optional<http::Response> RequestRules::answer(const http::Request& request, const net::Stream& stream) const {
  if (options_.api_needs_client_certificate && is_api(request.path) &&
      stream.security() != net::Security::kTlsWithClientCertificate) {
    return http::text_response(403,
                               "Forbidden: this server's HTTP API takes requests over TLS with a client certificate "
                               "only ([tls] client_ca)");
  }
  return options_.redirect_port ? redirect(request, stream) : std::nullopt;
}

std::optional<http::Response> RequestRules::redirect(const http::Request& request, const net::Stream& stream) const {
  if (stream.security() != net::Security::kNone || !is_page(request)) return std::nullopt;
  if (httpd::is_forwarded_tls(stream.peer_address(), request, trusted_)) return std::nullopt;
  const std::string_view host = host_of(request);
  if (host.empty() || !request.path.starts_with('/')) return std::nullopt;
  std::string location = "https://" + std::string(host);
  if (*options_.redirect_port != kHttpsPort) location += ":" + std::to_string(*options_.redirect_port);
  location += request.path;
  if (!request.query.empty()) location.append("?").append(request.query);
  // For the moment only: a browser that learns it for good could not be told otherwise.
  http::Response response = http::text_response(307, "This page is at " + location);
  response.headers.push_back({"Location", std::move(location)});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.headers.push_back({"Vary", "Accept, X-Forwarded-Proto"});
  return response;
}

}  // namespace fanfare::server
