#include "gateway/request_id.h"

#include <algorithm>

#include "base/random.h"
#include "json/json_writer.h"

namespace fanfare::gateway {
namespace {

constexpr std::size_t kIdCharsMax = 64;
constexpr std::size_t kIdBytes = 8;

bool is_id_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

}  // namespace

std::string request_id_of(std::string_view given) {
  if (!given.empty() && given.size() <= kIdCharsMax && std::ranges::all_of(given, is_id_char)) {
    return std::string(given);
  }
  return secure_random_hex(kIdBytes);
}

std::string error_body(std::string_view code, std::string_view message, std::string_view request_id) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("error").begin_object();
  writer.key("code").string(code).key("message").string(message).key("request_id").string(request_id);
  writer.end_object().end_object();
  return body;
}

std::string_view code_of_status(int status) noexcept {
  switch (status) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not_found";
    case 405:
      return "method_not_allowed";
    case 408:
      return "request_timeout";
    case 413:
      return "too_large";
    case 429:
      return "rate_limited";
    case 502:
      return "bad_gateway";
    case 503:
      return "unavailable";
    default:
      return status >= 500 ? "internal_error" : "invalid_request";
  }
}

}  // namespace fanfare::gateway
