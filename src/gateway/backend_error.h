// What the Channels server's refusals mean to a caller of the gateway.
#pragma once

#include "fanfare/result.h"
#include "gateway/exchange.h"

namespace fanfare::gateway {

// 400 and 413 where the request is at fault, 503 with Retry-After while the server is away or wants a pause, 502 when
// it answers what it should not (wrong credentials among them).
void refuse_for(const ExchangeRef& exchange, const sdk::Error& error);

}  // namespace fanfare::gateway
