// HttpdStats: what one loop's HTTP connections did.
//
// Thread: written by its loop; read by any, relaxed.
#pragma once

#include <array>
#include <cstddef>

#include "base/counter.h"

namespace fanfare::httpd {

struct alignas(64) HttpdStats {
  Counter connections;       // accepted
  Gauge connections_open;    // without those that were upgraded
  Counter refused_at_limit;  // 503, or closed at once
  Counter upgrades;          // handed over
  Counter moved_out;         // handed to another loop
  Counter moved_in;          // came from another loop, not accepted here

  Counter requests;                 // whole and well-formed
  std::array<Counter, 5> by_class;  // answers sent, 1xx to 5xx, those of bad requests included
  Counter bad_requests;             // the parser refused them
  Counter header_timeouts;          // 408: the head took too long
  Counter body_timeouts;            // 408: the body took too long
  Counter idle_timeouts;            // closed between requests
  Counter answers_dropped;          // the client had gone
  Counter answers_missing;          // 500: a handler let its Responder die

  void count_answer(int status) noexcept {
    const auto index = static_cast<std::size_t>(status / 100 - 1);
    if (index < by_class.size()) by_class[index].add();
  }
};

}  // namespace fanfare::httpd
