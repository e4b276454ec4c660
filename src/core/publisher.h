// Publisher: takes events to the home loops of their channels.
//
// Fails:  kUnavailable when a home's mailbox is full; then nothing at all was published.
// Order:  events of one caller to one channel arrive in the order of the calls.
// Thread: one loop; it may be any.
#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "core/channel_ref.h"
#include "core/home.h"

namespace fanfare::core {

class LoopCore;

// One event for one channel of the app that publishes. The views live until publish() returns.
struct OutgoingEvent {
  ChannelView channel;
  EventTokens event;
  ConnectionRef except;
};

class Publisher {
 public:
  explicit Publisher(LoopCore& core) : core_(core) {}

  // All of them or none. Adjacent entries with the same tokens share one copy where a copy is needed.
  Status publish(const App& app, std::span<const OutgoingEvent> events, EventSource source);

 private:
  Status reserve(std::span<const OutgoingEvent> events) const;

  LoopCore& core_;
};

}  // namespace fanfare::core
