// What /live and /ready answer.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/strong_id.h"

namespace fanfare::admin {

struct LoopTurn {
  LoopIndex loop;
  std::chrono::milliseconds age{0};  // since the loop's last turn began
};

enum class Readiness : std::uint8_t { kStarting, kReady, kDraining };

// Port: what the process knows of itself. `server` implements it with the stamps of net's loops.
// Thread: the one that serves the metrics listener, while the loops run.
class HealthSource {
 public:
  HealthSource() = default;
  HealthSource(const HealthSource&) = delete;
  HealthSource& operator=(const HealthSource&) = delete;
  virtual ~HealthSource() = default;

  virtual std::vector<LoopTurn> loop_turns() const = 0;
  virtual Readiness readiness() const = 0;
};

// A loop that has not turned for longer is stalled: an idle one still turns every second.
inline constexpr std::chrono::milliseconds kStalledAfter{5000};

struct HealthReport {
  bool ok = false;   // 200, else 503
  std::string text;  // one line: "ok", or why not
};

// Not ok when a loop is stalled; names each that is.
HealthReport liveness(const HealthSource& source);
// Not ok while starting or draining.
HealthReport readiness(const HealthSource& source);

}  // namespace fanfare::admin
