// The heads of what HTTP fallbacks answer: for browsers of any origin, and for no cache. Source: REF 8.3, 8.4
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace fanfare::session {

// Whose page may read an answer. pusher-js sends no credentials; SockJS does, and then "*" does not do.
struct FallbackOrigin {
  std::string origin;  // of the request; empty: none was said
  bool with_credentials = false;
};

FallbackOrigin origin_of(const http::Request& request, bool with_credentials);

// `content_type` is static text; empty: none.
http::Response fallback_answer(int status, std::string_view content_type, std::string body,
                               const FallbackOrigin& origin);
// The same with a line of text.
http::Response fallback_text(int status, std::string text, const FallbackOrigin& origin);
// To OPTIONS.
http::Response preflight_answer(const http::Request& request);

}  // namespace fanfare::session
