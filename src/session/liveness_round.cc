#include "session/liveness_round.h"

#include <algorithm>
#include <cstdint>

#include "core/subscriber.h"

namespace fanfare::session {

namespace {

constexpr std::chrono::milliseconds kDurationMax{500};
// So many a wake-up, so that a loop of many connections is not held up.
constexpr std::size_t kSlotsAtOnce = 512;

std::size_t portion(std::size_t slots, double share) {
  return static_cast<std::size_t>(static_cast<double>(slots) * std::min(share, 1.0));
}

}  // namespace

std::chrono::milliseconds LivenessRound::duration() const noexcept {
  const std::chrono::milliseconds shortest =
      std::min({options_.activity_timeout, options_.pong_timeout, options_.inactivity_timeout});
  return std::clamp(shortest / 8, net::TimerWheel::kTick, kDurationMax);
}

void LivenessRound::begin(MonotonicTime now) {
  begun_ = now;
  next_slot_ = 0;
  loop_.schedule(*this, pause());
}

std::chrono::milliseconds LivenessRound::pause() const noexcept {
  const auto wake_ups = static_cast<std::int64_t>(connections_.slots() / kSlotsAtOnce + 1);
  return std::max(duration() / wake_ups, net::TimerWheel::kTick);
}

void LivenessRound::on_timer() {
  const MonotonicTime now = loop_.now();
  const std::size_t slots = connections_.slots();
  // As many as the time that has gone calls for: timers come late. But no more than twice as many as each wake-up is
  // for: behind a stall, or when many came at once, the round takes a little longer rather than all at once.
  const double whole = std::chrono::duration<double>(duration()).count();
  const double gone = std::chrono::duration<double>(now - begun_).count() / whole;
  const double share = std::chrono::duration<double>(pause()).count() / whole;
  const std::size_t due = portion(slots, gone);
  const std::size_t most = next_slot_ + 2 * portion(slots, share) + kSlotsAtOnce;
  const std::size_t end = std::clamp(due, next_slot_, std::min(most, slots));
  connections_.look_at_due(next_slot_, end, now, [now](core::Subscriber& one) { return one.on_round(now); });
  next_slot_ = end;
  if (connections_.size() == 0) return;
  if (end == slots) return begin(now);
  loop_.schedule(*this, pause());
}

}  // namespace fanfare::session
