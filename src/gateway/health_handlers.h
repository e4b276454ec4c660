// GET /health and GET /health/pusher/status: for people and load balancers, without a token.
#pragma once

#include "gateway/exchange.h"
#include "gateway/health_probe.h"

namespace fanfare::gateway {

// 200, or 503 when the Channels server is degraded or unhealthy.
// Wire: {"status":"healthy","services":{"pusher":{"status":"healthy","connected_users":3,"total_channels":2,
//        "active_channels":["a"]}}}
void handle_health(const ExchangeRef& exchange, HealthProbe& probe);

// 200. Wire: {"success":true,"data":{"status":"healthy","connected_users":3,"total_channels":2,"active_channels":["a"],
//             "rate_limit_remaining":100,"pusher_enabled":true}}; "reason" when degraded or unhealthy,
//            "connected_users_partial":true when not everyone was counted. rate_limit_remaining is what the user with
//            the least left may still trigger in this window; null without such a limit.
void handle_pusher_status(const ExchangeRef& exchange, HealthProbe& probe);

}  // namespace fanfare::gateway
