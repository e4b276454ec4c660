// RequestRules: what the process as a whole demands of HTTP requests: a client certificate for the API, TLS for pages.
//
// Thread: immutable; any loop.
#pragma once

#include <cstdint>
#include <optional>

#include "httpd/request_filter.h"
#include "net/trusted_proxies.h"

namespace fanfare::server {

class RequestRules final : public httpd::RequestFilter {
 public:
  struct Options {
    bool api_needs_client_certificate = false;
    std::optional<std::uint16_t> redirect_port{};  // of the TLS listener; nothing: nobody is redirected
  };
  // `trusted` outlives this.
  RequestRules(const Options& options, const net::TrustedProxies& trusted) : options_(options), trusted_(trusted) {}

  std::optional<http::Response> answer(const http::Request& request, const net::Stream& stream) const override;

 private:
  std::optional<http::Response> redirect(const http::Request& request, const net::Stream& stream) const;

  const Options options_;
  const net::TrustedProxies& trusted_;
};

}  // namespace fanfare::server
