#include "session/fallback_answers.h"

#include <utility>

namespace fanfare::session {

namespace {

void add_origin(http::Response& response, const FallbackOrigin& origin) {
  const bool is_named = origin.with_credentials && !origin.origin.empty() && origin.origin != "null";
  response.headers.push_back({"Access-Control-Allow-Origin", is_named ? origin.origin : "*"});
  if (!is_named) return;
  response.headers.push_back({"Access-Control-Allow-Credentials", "true"});
  response.headers.push_back({"Vary", "Origin"});
}

}  // namespace

FallbackOrigin origin_of(const http::Request& request, bool with_credentials) {
  return {std::string(request.header("Origin")), with_credentials};
}

http::Response fallback_answer(int status, std::string_view content_type, std::string body,
                               const FallbackOrigin& origin) {
  http::Response response{.status = status, .content_type = content_type, .body = std::move(body), .headers = {}};
  add_origin(response, origin);
  // no-transform: a proxy that compresses on the way would hold a stream back.
  response.headers.push_back({"Cache-Control", "no-store, no-cache, no-transform, must-revalidate, max-age=0"});
  return response;
}

http::Response fallback_text(int status, std::string text, const FallbackOrigin& origin) {
  return fallback_answer(status, http::kPlainText, std::move(text) + '\n', origin);
}

http::Response preflight_answer(const http::Request& request) {
  http::Response response{.status = 204, .content_type = {}, .body = {}, .headers = {}};
  add_origin(response, origin_of(request, true));
  const std::string_view wanted = request.header("Access-Control-Request-Headers");
  response.headers.push_back({"Access-Control-Allow-Methods", "OPTIONS, POST, GET"});
  response.headers.push_back({"Access-Control-Allow-Headers", wanted.empty() ? "Content-Type" : std::string(wanted)});
  response.headers.push_back({"Access-Control-Max-Age", "31536000"});
  response.headers.push_back({"Cache-Control", "public, max-age=31536000"});
  return response;
}

}  // namespace fanfare::session
