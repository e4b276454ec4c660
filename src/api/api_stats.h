// What the HTTP API of one loop counts; the metrics page sums the loops.
#pragma once

#include "base/counter.h"

namespace fanfare::api {

struct ApiStats {
  Counter publishes;           // POST /events, accepted
  Counter batches;             // POST /batch_events, accepted
  Counter events;              // events in both
  Counter queries;             // reads
  Counter commands;            // terminate_connections, kick
  Counter unauthorized;        // 401, and keys or apps that are unknown or disabled
  Counter refused;             // every other 4xx
  Counter rate_limited;        // 429
  Counter overloaded;          // 503
  Counter idempotent_repeats;  // answered as the first request was
};

}  // namespace fanfare::api
