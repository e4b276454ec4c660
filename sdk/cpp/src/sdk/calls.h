// The calls of the HTTP API, checked and ready to be made. Source: REF 9; docs/http_api.md
#pragma once

#include <span>
#include <string_view>

#include "fanfare/events.h"
#include "fanfare/request_signature.h"
#include "fanfare/result.h"
#include "sdk/caller.h"
#include "sdk/settings.h"

namespace fanfare::sdk {

// All fail with kInvalid, before anything is sent.
Result<Call> trigger_call(const Settings& settings, const Event& event);
Result<Call> trigger_batch_call(const Settings& settings, std::span<const BatchEvent> events,
                                std::string_view idempotency_key);
Result<Call> channels_call(const Settings& settings, const ChannelsQuery& query);
Result<Call> channel_call(const Settings& settings, std::string_view channel, const ChannelQuery& query);
Result<Call> users_call(const Settings& settings, std::string_view channel);
Result<Call> terminate_call(const Settings& settings, std::string_view user_id);
Result<Call> kick_call(const Settings& settings, std::string_view channel, std::string_view user_id);
// `path`: behind /apps/<id>; its slashes stay slashes.
Result<Call> get_call(const Settings& settings, std::string_view path, const Parameters& parameters);
Result<Call> post_call(const Settings& settings, std::string_view path, std::string_view body,
                       const Parameters& parameters, std::string_view idempotency_key);

}  // namespace fanfare::sdk
