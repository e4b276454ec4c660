// Bodies of publishing requests: checked against the limits, encrypted where the channel is. Source: REF 7, 9.3, 9.4
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "fanfare/encryption.h"
#include "fanfare/events.h"
#include "fanfare/limits.h"
#include "fanfare/result.h"

namespace fanfare::sdk {

// `master_key`: null where there is none.
// Fails: kInvalid. An encrypted channel among several is refused: each would need a ciphertext of its own.
Result<std::string> event_body(const Event& event, const Limits& limits, const MasterKey* master_key);
// The text names the event: "batch[1]: …".
Result<std::string> batch_body(std::span<const BatchEvent> events, const Limits& limits, const MasterKey* master_key);

// Printable ASCII, at most 255 bytes; empty is fine.
Status check_idempotency_key(std::string_view key);

}  // namespace fanfare::sdk
