// FallbackContext: what all fallback sessions of one loop share.
//
// Thread: one loop. It outlives the sessions, so the list that owns them is only referred to.
#pragma once

#include "session/connection_list.h"
#include "session/fallback_table.h"
#include "session/options.h"
#include "session/session_context.h"

namespace fanfare::session {

struct FallbackContext {
  SessionContext& session;
  ConnectionList& connections;
  FallbackTable table{};

  const FallbackOptions& options() const noexcept { return session.options.fallback; }
};

}  // namespace fanfare::session
