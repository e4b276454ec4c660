// The metrics listener's pages: GET /metrics, /live, /ready (HEAD, too). Whoever can reach them may read them: the
// listener is on 127.0.0.1 unless it is configured otherwise.
#pragma once

#include "admin/health.h"
#include "httpd/router.h"
#include "metrics/registry.h"

namespace fanfare::admin {

// `health` and `registry` must outlive `router`; a null registry leaves /metrics out.
// Thread: the handlers run on the loop that serves the listener, and read what other threads write.
void add_routes(httpd::Router& router, const HealthSource& health, const metrics::Registry* registry);

}  // namespace fanfare::admin
