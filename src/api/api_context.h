// ApiContext: what the HTTP API's handlers of one loop work with.
//
// Thread: one loop.
#pragma once

#include "api/api_stats.h"
#include "api/options.h"
#include "api/publish_request.h"
#include "base/clock.h"
#include "base/once_a_minute.h"
#include "core/app_table.h"
#include "core/loop_core.h"

namespace fanfare::api {

struct ApiContext {
  core::LoopCore& core;
  core::AppRegistry& apps;
  const Clock& clock;  // the turn's time
  const ApiOptions& options;
  ApiStats& stats;
  OnceAMinute& warnings;  // one warning a cause, app and minute
  PublishParser parser;
};

}  // namespace fanfare::api
