// RequestFilter: looks at requests before the router does, with what only their connection knows.
#pragma once

#include <optional>

#include "http/request.h"
#include "http/response.h"
#include "net/stream.h"

namespace fanfare::httpd {

class RequestFilter {
 public:
  // The answer in the route's place; nothing: the request goes on to its route. Not asked for WebSocket upgrades.
  virtual std::optional<http::Response> answer(const http::Request& request, const net::Stream& stream) const = 0;

 protected:
  ~RequestFilter() = default;
};

}  // namespace fanfare::httpd
