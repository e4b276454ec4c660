// A HealthSource that says what a test wants.
#pragma once

#include <vector>

#include "admin/health.h"

namespace fanfare::admin {

class FakeHealth final : public HealthSource {
 public:
  std::vector<LoopTurn> loop_turns() const override { return turns; }
  Readiness readiness() const override { return state; }

  std::vector<LoopTurn> turns;
  Readiness state = Readiness::kReady;
};

}  // namespace fanfare::admin
