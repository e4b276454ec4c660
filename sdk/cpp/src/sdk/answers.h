// What the HTTP API answers, read. Source: REF 9.3 to 9.5; docs/http_api.md
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fanfare/events.h"
#include "fanfare/result.h"
#include "fanfare/transport.h"

namespace fanfare::sdk {

// All fail with kBadAnswer. Members that are not known are let be.
Result<TriggerAnswer> read_trigger_answer(std::string_view body);
Result<BatchAnswer> read_batch_answer(std::string_view body);
Result<ChannelsAnswer> read_channels_answer(std::string_view body);
Result<ChannelAnswer> read_channel_answer(std::string_view body);
Result<std::vector<std::string>> read_users_answer(std::string_view body);

// The Error that an answer of another status than 2xx is. `server`: for the message.
Error error_of(const HttpResponse& response, std::string_view server);

}  // namespace fanfare::sdk
