#include "gateway/cors.h"

#include <algorithm>

namespace fanfare::gateway {
namespace {

constexpr std::size_t kRequestedHeadersBytesMax = 1'024;

// What a list of header names consists of: it is repeated in the answer.
bool is_header_list(std::string_view text) noexcept {
  return text.size() <= kRequestedHeadersBytesMax && std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                  c == ',' || c == ' ';
         });
}

}  // namespace

Cors::Cors(std::vector<std::string> origins, bool with_credentials)
    : origins_(std::move(origins)), with_credentials_(with_credentials) {
  any_ = std::ranges::find(origins_, "*") != origins_.end();
}

bool Cors::allows(std::string_view origin) const noexcept {
  if (origin.empty()) return false;
  return any_ || std::ranges::find(origins_, origin) != origins_.end();
}

bool Cors::may_use_cookies(std::string_view origin, std::string_view host) const noexcept {
  if (origin.empty()) return true;  // no page of another origin: browsers say theirs with every POST
  if (std::ranges::find(origins_, origin) != origins_.end()) return origin != "*";
  const std::size_t scheme = origin.find("://");
  return scheme != std::string_view::npos && origin.substr(scheme + 3) == host;
}

void Cors::add_headers(http::Response& response, std::string_view origin) const {
  if (origins_.empty()) return;
  if (!any_ || with_credentials_) response.headers.push_back({"Vary", "Origin"});
  if (!allows(origin)) return;
  const bool is_listed = std::ranges::find(origins_, origin) != origins_.end() && origin != "*";
  response.headers.push_back({"Access-Control-Allow-Origin", is_listed ? std::string(origin) : "*"});
  if (with_credentials_ && is_listed) response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
  response.headers.push_back({"Access-Control-Expose-Headers", "X-Request-Id, Retry-After, RateLimit-Remaining"});
}

http::Response Cors::preflight(const http::Request& request) const {
  http::Response response{.status = 204};
  const std::string_view origin = request.header("Origin");
  add_headers(response, origin);
  if (!allows(origin)) return response;
  response.headers.push_back({"Access-Control-Allow-Methods", "GET, POST, OPTIONS"});
  const std::string_view requested = request.header("Access-Control-Request-Headers");
  // An allowed page may send the headers that it wants to: none of them opens anything.
  response.headers.push_back(
      {"Access-Control-Allow-Headers", !requested.empty() && is_header_list(requested)
                                           ? std::string(requested)
                                           : "Authorization, Content-Type, Idempotency-Key, X-Request-Id"});
  response.headers.push_back({"Access-Control-Max-Age", "600"});
  return response;
}

}  // namespace fanfare::gateway
