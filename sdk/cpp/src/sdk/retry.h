// Which failures are worth another attempt, which of these are safe to repeat, and how long to wait before.
#pragma once

#include <chrono>

#include "base/random.h"
#include "fanfare/options.h"
#include "fanfare/result.h"

namespace fanfare::sdk {

// Whether the same request may be sent again after `error`. `is_repeatable`: doing it twice is as doing it once; other
// requests are repeated only when it is certain that nothing of them was sent.
bool may_repeat(const Error& error, bool is_repeatable) noexcept;

// The wait after attempt number `attempt` (from 1): full jitter, and never less than the server asked for.
std::chrono::milliseconds delay_after(unsigned attempt, const RetryPolicy& policy, std::chrono::seconds retry_after,
                                      SeededRandom& random);

}  // namespace fanfare::sdk
