// Publishing for users: to channels, in batches, to users; and closing a user's connections.
#pragma once

#include "gateway/authenticate.h"
#include "gateway/exchange.h"

namespace fanfare::gateway {

// POST /api/v1/realtime/trigger. Wire: {"success":true,"channels":["a"],"event":"e"[,"channel":"a"][,"info":{…}]}
void handle_trigger(const ExchangeRef& exchange, const Caller& caller);
// POST /api/v1/realtime/trigger-batch. Wire: {"success":true,"batch":[{"channel":"a","event":"e"},…]}
void handle_trigger_batch(const ExchangeRef& exchange, const Caller& caller);

// POST /api/v1/realtime/users/{user_id}/events: on the user's own channel and on private-user-<id>, by the rule of the
// latter. Wire: {"success":true,"user_id":"7","event":"e","channels":["private-user-7"]}
void handle_user_events(const ExchangeRef& exchange, const Caller& caller);
// POST /api/v1/realtime/users/{user_id}/terminate: for that user, the highest role, and services.
// Wire: {"success":true,"user_id":"7"}
void handle_user_terminate(const ExchangeRef& exchange, const Caller& caller);

}  // namespace fanfare::gateway
