// What all endpoints that publish have in common: may the caller, is publishing on, and the answer when it is done.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fanfare/events.h"
#include "gateway/authenticate.h"
#include "gateway/exchange.h"

namespace fanfare::gateway {

// Whether the caller may trigger on all of `channels`; else answered 403 with the reason and, among several, the
// channel.
bool may_trigger(const ExchangeRef& exchange, const Caller& caller, const std::vector<std::string>& channels);

// Publishes, and answers `body(answer)`; {"success":true,"skipped":true} when publishing is disabled. The request's
// Idempotency-Key goes along.
void publish(const ExchangeRef& exchange, sdk::Event event, std::function<std::string(const sdk::TriggerAnswer&)> body);

// Answers when publishing is disabled. False: it is not.
bool answer_skipped(const ExchangeRef& exchange);

}  // namespace fanfare::gateway
