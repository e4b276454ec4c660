#include "sdk/retry.h"

#include <algorithm>

namespace fanfare::sdk {
namespace {

bool is_passing(int http_status) noexcept {
  return http_status == 429 || http_status == 500 || http_status == 502 || http_status == 503 || http_status == 504;
}

}  // namespace

bool may_repeat(const Error& error, bool is_repeatable) noexcept {
  if (error.kind == ErrorKind::kUnavailable || error.kind == ErrorKind::kTimeout) {
    return is_repeatable || !error.outcome_unknown;
  }
  return is_repeatable && is_passing(error.http_status);
}

std::chrono::milliseconds delay_after(unsigned attempt, const RetryPolicy& policy, std::chrono::seconds retry_after,
                                      SeededRandom& random) {
  std::chrono::milliseconds bound = policy.delay_min;
  for (unsigned i = 1; i < attempt && bound < policy.delay_max; ++i) bound *= 2;
  bound = std::min(bound, policy.delay_max);
  const auto jitter = random.below(static_cast<std::uint64_t>(bound.count()) + 1);
  return std::max<std::chrono::milliseconds>(std::chrono::milliseconds(jitter), retry_after);
}

}  // namespace fanfare::sdk
