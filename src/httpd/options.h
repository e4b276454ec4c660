// What can be set about HTTP connections; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>

#include "http/limits.h"
#include "net/send_queue_limits.h"

namespace fanfare::httpd {

struct HttpdOptions {
  http::RequestLimits request;

  // From the connection's begin, or from a request's first byte, to the end of its head. Above it 408; a connection
  // that has sent nothing is closed without a word.
  std::chrono::milliseconds header_timeout{10'000};
  // From the end of the head to the end of the body. Above it 408.
  std::chrono::milliseconds body_timeout{30'000};
  // Between two requests. Server SDKs keep connections for 30 s. Source: REF 9.1
  std::chrono::milliseconds idle_timeout{75'000};

  // HTTP connections of one loop; upgraded ones do not count, nor those that a LongAnswer is outstanding on. Above it
  // 503.
  std::size_t connections_max_per_loop = 16'384;

  // What is queued for one client. One answer must fit, so it is wider than that of WebSocket clients; no request is
  // read while a client is above the high mark.
  net::SendQueueLimits send_queue{.bytes_max = 64UL * 1024 * 1024, .entries_max = 4096};

  // Answers from this size on are gzip for clients that take it; 0: none is.
  std::size_t gzip_bytes_min = 1024;

  // Parsers that a loop keeps for reuse.
  std::size_t parsers_kept_max = 64;
};

}  // namespace fanfare::httpd
