// The endpoints that pusher-js asks: channel authorization and user authentication. Source: REF 11
#pragma once

#include "gateway/authenticate.h"
#include "gateway/exchange.h"

namespace fanfare::gateway {

// POST /api/v1/pusher/auth. 200 {"auth"[,"channel_data"][,"shared_secret"]}; 400, 403 with the rule's reason, 503 when
// the gateway is disabled or has no master key for an encrypted channel.
void handle_channel_auth(const ExchangeRef& exchange, const Caller& caller);
// POST /api/v1/pusher/user-auth. 200 {"auth","user_data"}.
void handle_user_auth(const ExchangeRef& exchange, const Caller& caller);

}  // namespace fanfare::gateway
