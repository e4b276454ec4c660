// The bodies of the trigger endpoints, read and checked before anything is asked of anyone.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "fanfare/events.h"

namespace fanfare::gateway {

struct TriggerRequest {
  sdk::Event event;
  bool had_channel = false;  // "channel" and not "channels": the answer has it, too
};

// {"channel"|"channels", "event", "data", "socket_id"?, "info"?}. `data`: a string as it is, other JSON as its compact
// text. `info`: "user_count", "subscription_count", or both with a comma.
// Fails: kInvalid, naming the member: names of channels and events, reserved ones ("pusher:", "pusher_internal:") and
//        those that only the server has ("#server-to-user-…") among them; more than 100 channels; an encrypted channel
//        beside others; kTooLarge for data of more than 10 KiB.
Result<TriggerRequest> parse_trigger(std::string_view body);

// {"batch":[{"channel","event","data","socket_id"?,"info"?}, …]}, 1 to 10 of them; "name" is taken for "event".
// Fails: as above, with the place: "batch[3]: …".
Result<std::vector<sdk::BatchEvent>> parse_trigger_batch(std::string_view body);

struct NamedData {
  std::string event;
  std::string data;
};
// {"event","data"}: of the endpoints that know the channel themselves. Fails: as parse_trigger().
Result<NamedData> parse_event_and_data(std::string_view body);

// Printable ASCII, at most 255 characters; empty is fine. Fails: kInvalid.
Status check_idempotency_key(std::string_view key);

}  // namespace fanfare::gateway
