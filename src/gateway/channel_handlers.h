// What is going on in the channels that the caller's role may subscribe to. Names are full ones, prefix included.
#pragma once

#include "gateway/authenticate.h"
#include "gateway/exchange.h"

namespace fanfare::gateway {

// GET /api/v1/realtime/channels[?filter_by_prefix=…][&info=user_count]: the occupied ones, by name. user_count needs a
// prefix that begins with presence-. Wire: {"channels":{"presence-a":{"user_count":2}}}
void handle_channels(const ExchangeRef& exchange, const Caller& caller);
// GET /api/v1/realtime/channels/{name}[?info=user_count,subscription_count].
// Wire: {"channel":"presence-a","occupied":true[,"user_count":2][,"subscription_count":3]}; user_count of presence
//       channels is there without being asked for.
void handle_channel(const ExchangeRef& exchange, const Caller& caller);
// GET /api/v1/realtime/presence/{name}. Wire: {"channel":"presence-a","count":1,"users":[{"id":"7"}]}
void handle_presence(const ExchangeRef& exchange, const Caller& caller);

}  // namespace fanfare::gateway
