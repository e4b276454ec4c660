// The body of a webhook, whose signature has been checked. Source: REF 10.1, 10.2
#pragma once

#include <string_view>

#include "fanfare/webhook.h"

namespace fanfare::sdk {

// Wire: {"time_ms":1700000000123,"events":[{"name":"channel_occupied","channel":"orders"},…]}
// `key` of the result is left empty. Fails: kInvalid.
Result<Webhook> parse_webhook_body(std::string_view body);

}  // namespace fanfare::sdk
