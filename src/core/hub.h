// Hub: the subscribers of one event loop, by channel, and the turn's share of fan-outs.
//
// Thread: one loop; every call comes from it (checked in debug builds).
// Owns:   nothing it delivers to; a Subscriber leaves all its channels before it dies.
// Cost:   deliver() queues one entry, whatever the audience; run_fan_outs() is linear in the seats it visits and
//         allocates nothing for a seat.
#pragma once

#include <cstddef>
#include <deque>
#include <memory>
#include <vector>

#include <tsl/robin_map.h>

#include "base/affinity.h"
#include "core/connection_table.h"
#include "core/core_stats.h"
#include "core/hub_channel.h"

namespace fanfare::core {

class Hub {
 public:
  Hub(const ConnectionTable& connections, CoreStats& stats) : connections_(connections), stats_(stats) {}

  // The channel if this loop has subscribers or pending ones in it.
  HubChannel* find(const ChannelView& channel) const;
  HubChannel& find_or_make(const ChannelView& channel);
  // Destroys the channel if nothing needs it any more.
  void release(HubChannel& channel);

  // Queues `frame` for every local subscriber of `channel` but `except`; unknown channels are ignored (they emptied
  // while the message was on its way).
  void deliver(const ChannelView& channel, BytesSlice frame, ConnectionRef except, FrameClass frame_class,
               MonotonicTime received);

  // Hands queued events to at most `seats_max` subscribers, channel by channel. True: there is more.
  bool run_fan_outs(std::size_t seats_max);
  bool has_finished() const noexcept { return !finished_.empty(); }
  // After the turn's writes: records how long the finished fan-outs took.
  void record_finished(MonotonicTime now);

  std::size_t channel_count() const noexcept { return channels_.size(); }

 private:
  Affinity affinity_;
  const ConnectionTable& connections_;
  CoreStats& stats_;
  tsl::robin_map<ChannelRef, std::unique_ptr<HubChannel>, ChannelHash, ChannelEqual> channels_;
  FanOutPool fan_outs_;                  // for those in progress
  std::deque<HubChannel*> in_progress_;  // with a fan-out, in the order they get their share
  std::vector<MonotonicTime> finished_;
};

}  // namespace fanfare::core
