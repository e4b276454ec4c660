// The head of a request: request line and headers, from its first byte to the end of its empty line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/bytes.h"
#include "http/request.h"

namespace fanfare::http {

struct ParseError {
  int status = 400;
  std::string text;  // one line: what was expected and what came; never more than a few words of the request
};

// How the body is framed.
struct BodyFraming {
  bool chunked = false;
  std::uint64_t content_length = 0;
  bool expects_continue = false;
};

// Fills `request` (all but its body) with views into `head`, which ends with its empty line and has no bare line feeds.
// Returns what is wrong with it, or nothing and fills `framing`.
std::optional<ParseError> parse_request_head(ByteView head, Request& request, BodyFraming& framing);

}  // namespace fanfare::http
