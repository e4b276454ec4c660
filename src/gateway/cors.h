// Cors: which pages of other origins may read the gateway's answers. Source: Fetch standard, "CORS protocol"
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace fanfare::gateway {

// Immutable. Thread: any.
class Cors {
 public:
  // `origins`: whole ones, "https://app.example.com"; "*" for any. `with_credentials`: cookies count, which "*" never
  // opens.
  Cors(std::vector<std::string> origins, bool with_credentials);

  bool allows(std::string_view origin) const noexcept;
  // Whether the page that sent `request`, if it was one, may act with the user's cookies: it is of an allowed origin or
  // of the gateway's own.
  bool may_use_cookies(std::string_view origin, std::string_view host) const noexcept;

  // Adds what lets the page of `origin` read the answer; nothing for origins that are not allowed.
  void add_headers(http::Response& response, std::string_view origin) const;
  // The answer to OPTIONS.
  http::Response preflight(const http::Request& request) const;

 private:
  std::vector<std::string> origins_;
  bool any_ = false;
  bool with_credentials_;
};

}  // namespace fanfare::gateway
