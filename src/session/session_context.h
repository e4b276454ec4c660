// SessionContext: what all sessions of one loop share.
//
// Thread: one loop.
#pragma once

#include <atomic>
#include <cstdint>

#include "base/once_a_minute.h"
#include "core/app_table.h"
#include "core/connection_quota.h"
#include "core/loop_core.h"
#include "net/event_loop.h"
#include "net/trusted_proxies.h"
#include "session/liveness_round.h"
#include "session/options.h"
#include "session/send_limits_table.h"
#include "session/session_stats.h"

namespace fanfare::session {

class Compression;

// What the sessions of all loops share.
// Thread: any.
struct SharedSessionState {
  std::atomic<bool> draining{false};
  // Open client connections, and how many there may be (by descriptors or by configuration).
  std::atomic<std::uint32_t> connections{0};
  std::uint32_t connections_max = 0;    // set before the loops run
  net::TrustedProxies trusted_proxies;  // likewise

  bool is_full() const noexcept { return connections.load(std::memory_order_relaxed) >= connections_max; }
};

struct SessionContext {
  net::EventLoop& loop;
  core::LoopCore& core;
  core::AppRegistry& apps;
  core::ConnectionQuota& quota;
  SharedSessionState& shared;
  const SessionOptions& options;
  SessionStats& stats;
  SendLimitsTable& send_limits;
  Compression& compression;
  OnceAMinute& warnings;  // one warning a cause, app and minute
  LivenessRound& liveness;
};

}  // namespace fanfare::session
