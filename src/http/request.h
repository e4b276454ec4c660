// Request: an HTTP request as views. Nothing here owns memory: RequestParser says how long the views last.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "http/method.h"

namespace fanfare::http {

struct HeaderField {
  std::string_view name;   // as it was sent; compare without regard to case
  std::string_view value;  // without the white space around it
};

struct Request {
  Method method = Method::kOther;
  std::string_view method_text;
  std::string_view target;  // as it was sent
  // The target's path as it was sent, percent-encoding and all, because signatures are made over it. "*" for OPTIONS *.
  std::string_view path;
  std::string_view query;            // raw, without the '?'; empty: none
  int version_minor = 1;             // HTTP/1.x
  std::vector<HeaderField> headers;  // in their order
  // May be changed in place. Behind it lie `spare_bytes` (kSpareBytes at least, where the parser's input had them) of
  // the same memory, whatever they hold, it may be the next request: who writes to them restores them.
  MutableBytes body;
  std::size_t spare_bytes = 0;
  bool keep_alive = true;  // by version and Connection: whether the client wants to go on

  // The first header of that name (any case); empty when there is none or it is empty.
  std::string_view header(std::string_view name) const noexcept;
  bool has_header(std::string_view name) const noexcept;
  // All values of that name, joined with ", ".
  std::string joined_header(std::string_view name) const;
  // Whether a comma-separated header has `token` among its members, any case.
  bool header_has_token(std::string_view name, std::string_view token) const noexcept;
  // GET with "Upgrade: websocket". Whether the handshake is in order is for ws::decide_upgrade() to say.
  bool wants_websocket() const noexcept;
};

// The request as bytes that a RequestParser makes the same request of, its body in one piece and not in chunks.
std::string request_text(const Request& request);

// Compares ASCII text without regard to case. Most names that are looked for differ in size from most that are there.
bool equal_folded(const char* a, const char* b, std::size_t size) noexcept;
inline bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && equal_folded(a.data(), b.data(), a.size());
}

}  // namespace fanfare::http
