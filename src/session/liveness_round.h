// LivenessRound: goes through the connections of a loop again and again, so that none needs a timer for its silence.
//
// A round takes half a second, or an eighth of the shortest deadline where that is less: about so much later than
// promised a ping may go out or a silent connection be closed, never earlier. The slots are gone through evenly over
// that time, and a connection is touched only when a deadline may have passed.
//
// Thread: one loop.
// Cost:   nothing while the loop has no connection; else 16 bytes read a connection and round. Fewer than 64
// connections
//         take one wake-up a round.
#pragma once

#include <chrono>
#include <cstddef>

#include "base/clock.h"
#include "core/connection_table.h"
#include "net/event_loop.h"
#include "session/options.h"

namespace fanfare::session {

class LivenessRound final : private net::Timer {
 public:
  // All three must outlive it.
  LivenessRound(net::EventLoop& loop, core::ConnectionTable& connections, const SessionOptions& options)
      : loop_(loop), connections_(connections), options_(options) {}

  // A connection came: the rounds begin, if they do not go on already.
  void wake() {
    if (!is_scheduled()) begin(loop_.now());
  }

 private:
  void on_timer() override;
  void begin(MonotonicTime now);
  std::chrono::milliseconds duration() const noexcept;
  // Between two wake-ups.
  std::chrono::milliseconds pause() const noexcept;

  net::EventLoop& loop_;
  core::ConnectionTable& connections_;
  const SessionOptions& options_;
  MonotonicTime begun_;
  std::size_t next_slot_ = 0;
};

}  // namespace fanfare::session
