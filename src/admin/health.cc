#include "admin/health.h"

#include <utility>

namespace fanfare::admin {

HealthReport liveness(const HealthSource& source) {
  std::string stalled;
  for (const LoopTurn& turn : source.loop_turns()) {
    if (turn.age <= kStalledAfter) continue;
    if (!stalled.empty()) stalled += "; ";
    stalled += "loop " + std::to_string(turn.loop.value()) + " is stalled: its last turn began " +
               std::to_string(turn.age.count()) + " ms ago, at most " + std::to_string(kStalledAfter.count()) +
               " ms are healthy";
  }
  if (stalled.empty()) return {.ok = true, .text = "ok"};
  return {.ok = false, .text = std::move(stalled)};
}

HealthReport readiness(const HealthSource& source) {
  switch (source.readiness()) {
    case Readiness::kReady:
      return {.ok = true, .text = "ok"};
    case Readiness::kStarting:
      return {.ok = false, .text = "starting: not listening yet"};
    case Readiness::kDraining:
      return {.ok = false, .text = "draining: the server is stopping"};
  }
  return {.ok = false, .text = "unknown"};
}

}  // namespace fanfare::admin
