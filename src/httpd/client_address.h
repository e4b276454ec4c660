// Who a request comes from, as far as proxies may be believed.
//
// Thread: any.
#pragma once

#include <string_view>

#include "http/request.h"
#include "net/socket_address.h"
#include "net/trusted_proxies.h"

namespace fanfare::httpd {

// `peer`: of the connection. `forwarded`: all X-Forwarded-For values, joined with commas; read from its end as long as
// what is named is one of `trusted`. So what a client itself writes into it counts only where a trusted proxy passed it
// on as its peer. What it names has port 0.
net::SocketAddress client_address(const net::SocketAddress& peer, std::string_view forwarded,
                                  const net::TrustedProxies& trusted);

// Whether a trusted proxy says that the client spoke TLS to it (X-Forwarded-Proto).
bool is_forwarded_tls(const net::SocketAddress& peer, const http::Request& request, const net::TrustedProxies& trusted);

}  // namespace fanfare::httpd
