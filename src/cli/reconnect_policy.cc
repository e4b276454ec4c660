#include "cli/reconnect_policy.h"

#include <algorithm>

namespace fanfare::cli {

namespace {

constexpr bool is_in(std::uint16_t code, std::uint16_t first) { return code >= first && code < first + 100; }

constexpr unsigned kDoublingsMax = 5;  // 1 s → 32 s, which kDelayMax cuts

}  // namespace

std::optional<std::chrono::milliseconds> ReconnectPolicy::delay_after(std::uint16_t close_code,
                                                                      std::optional<std::chrono::milliseconds> lived) {
  if (is_in(close_code, 4000)) return std::nullopt;
  const bool may_hurry = is_in(close_code, 4200) && lived.has_value();
  if (!may_hurry) return backoff();
  return *lived < kDelayMin ? kDelayMin : std::chrono::milliseconds{0};
}

std::chrono::milliseconds ReconnectPolicy::backoff() {
  const auto delay = std::min(kDelayMax, kDelayMin * (1U << std::min(failures_, kDoublingsMax)));
  ++failures_;
  const auto quarter = static_cast<std::uint64_t>(delay.count()) / 4;
  const auto jitter = static_cast<std::chrono::milliseconds::rep>(random_.below(2 * quarter + 1));
  return delay - std::chrono::milliseconds(quarter) + std::chrono::milliseconds(jitter);
}

}  // namespace fanfare::cli
