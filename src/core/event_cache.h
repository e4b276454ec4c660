// EventCache: the last event of each cache channel homed on one loop. Source: REF 3.9
//
// It outlives the channel's subscribers. Bound: entries and bytes; when full, the entry stored longest ago goes first.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <list>

#include <tsl/robin_map.h>

#include "base/clock.h"
#include "core/channel_ref.h"
#include "core/core_stats.h"
#include "core/home.h"

namespace fanfare::core {

class EventCache {
 public:
  EventCache(std::size_t events_max, std::size_t bytes_max, CoreStats& stats)
      : events_max_(events_max), bytes_max_(bytes_max), stats_(stats) {}

  struct Entry {
    ChannelRef channel;
    StoredEventRef event;
    MonotonicTime expires;
  };

  // Replaces what the channel had.
  void store(const ChannelRef& channel, StoredEventRef event, MonotonicTime expires);
  // nullptr: nothing, or it expired. Valid until the next call.
  const Entry* find(const ChannelView& channel, MonotonicTime now);

 private:
  using Order = std::list<Entry>;  // stored longest ago first

  void erase(Order::iterator entry);
  static std::size_t bytes_of(const Entry& entry) { return entry.channel->text().size() + entry.event->bytes(); }

  std::size_t events_max_;
  std::size_t bytes_max_;
  CoreStats& stats_;
  std::size_t bytes_ = 0;
  Order order_;
  tsl::robin_map<ChannelRef, Order::iterator, ChannelHash, ChannelEqual> by_channel_;
};

}  // namespace fanfare::core
