// SessionContext: what all sessions of one loop share.
//
// Thread: one loop.
#pragma once

#include "base/once_a_minute.h"
#include "core/app_table.h"
#include "core/connection_quota.h"
#include "core/loop_core.h"
#include "net/event_loop.h"
#include "session/options.h"
#include "session/send_limits_table.h"
#include "session/session_stats.h"

namespace fanfare::session {

struct SessionContext {
  net::EventLoop& loop;
  core::LoopCore& core;
  core::AppRegistry& apps;
  core::ConnectionQuota& quota;
  const SessionOptions& options;
  SessionStats& stats;
  SendLimitsTable& send_limits;
  OnceAMinute& warnings;  // one warning a cause, app and minute
};

}  // namespace fanfare::session
