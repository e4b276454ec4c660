// HomeContext: what the channels homed on one loop work with. The parts live in the LoopCore.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "core/core_stats.h"
#include "core/event_cache.h"
#include "core/hub.h"
#include "core/loop_link.h"
#include "core/options.h"

namespace fanfare::core {

class ChannelObserver;

struct HomeContext {
  const LoopLink& link;
  Hub& hub;  // this loop's own subscribers
  EventCache& cache;
  CoreStats& stats;
  const CoreOptions& options;
  const Clock& clock;         // the turn's time: no system call
  ChannelObserver* observer;  // nullptr: nobody follows
  std::uint64_t turn = 1;     // counts the loop's turns
};

}  // namespace fanfare::core
