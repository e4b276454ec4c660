// RequestLimits: how large a request may be. What exceeds one is refused before it is stored.
#pragma once

#include <cstddef>

#include "base/bytes.h"

namespace fanfare::http {

struct RequestLimits {
  std::size_t request_line_bytes_max = 8 * kKiB;  // without its line end; above it 414
  std::size_t head_bytes_max = 16 * kKiB;         // request line, headers and empty line; above it 431
  std::size_t headers_max = 100;                  // above it 431
  std::size_t body_bytes_max = 2 * kMiB;          // without the chunked framing; above it 413. Source: REF 9.6
};

}  // namespace fanfare::http
