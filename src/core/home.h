// The home-loop protocol: every channel has one home loop that owns its truth, and these messages are all that the
// loops say to each other about channels.
//
//   connection's loop → home:  Join, Leave, Publish, Watch, Unwatch, TerminateUser, KickMember
//   home → connection's loop:  Admitted, Refused, Deliver, Terminate, Kick, WatchNotice
//
// Three rules carry everything:
//   1. A mailbox is FIFO per sender; a loop's messages to itself are all direct calls.
//   2. Every Join is matched by exactly one Leave, sent the moment the connection's loop stops wanting the channel
//      (unsubscribe, close, refusal; also while the answer is pending), never on a stale Admitted: `attempt` tells.
//   3. The home loop counts a loop in at Join, so what is published afterwards is delivered there, behind the Admitted.
//
// Only Publish, and Deliver of FrameClass::kEvent, count against a mailbox's bound. A refused Publish is an error to
// its publisher; a refused Deliver is dropped for that loop and counted (the protocol is at-most-once). All other
// messages are bounded by the connections that cause them and are never refused.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/intrusive_ptr.h"
#include "base/shared_bytes.h"
#include "core/channel_ref.h"
#include "core/connection_ref.h"
#include "core/member.h"
#include "core/subscriber.h"

namespace fanfare::core {

struct Join {
  ChannelRef channel;
  ConnectionRef connection;
  std::uint32_t attempt = 0;
  AppRef app;
  MemberRef member;  // presence channels only
};

struct Leave {
  ChannelRef channel;
  ConnectionRef connection;
  std::uint32_t attempt = 0;
};

// An event as raw JSON tokens, ready to be spliced into a frame.
struct EventTokens {
  std::string_view name;     // "order.created" with its quotes
  std::string_view data;     // "{\"n\":1}" with its quotes; an object only where the app allows it
  std::string_view user_id;  // client events on presence channels; empty: none
};

// The same, kept: an event that waits in a mailbox or in the cache. Immutable.
class StoredEvent final : public RefCounted<StoredEvent> {
 public:
  explicit StoredEvent(const EventTokens& tokens) : name_(tokens.name), data_(tokens.data), user_id_(tokens.user_id) {}
  EventTokens tokens() const noexcept { return {name_, data_, user_id_}; }
  std::size_t bytes() const noexcept { return name_.size() + data_.size() + user_id_.size(); }

 private:
  std::string name_;
  std::string data_;
  std::string user_id_;
};
using StoredEventRef = IntrusivePtr<const StoredEvent>;

enum class EventSource : std::uint8_t { kApi, kClient };

// What a publish says besides channel and event.
struct PublishFacts {
  ConnectionRef except;  // gets nothing; of a client event: its sender
  MonotonicTime received;
  EventSource source = EventSource::kApi;
  std::chrono::seconds cache_ttl{0};  // cache channels keep events of the HTTP API only. Source: REF 3.9
};

struct Publish {
  ChannelRef channel;
  StoredEventRef event;
  PublishFacts facts;
};

enum class CacheAnswer : std::uint8_t { kNotCached, kHit, kMiss };  // kNotCached: not a cache channel

struct Admitted {
  ChannelRef channel;
  ConnectionRef connection;
  std::uint32_t attempt = 0;
  CacheAnswer cache = CacheAnswer::kNotCached;
  BytesSlice roster_frame;  // presence: the whole subscription_succeeded frame; otherwise empty
  BytesSlice cached_frame;  // kHit: the cached event's frame
};

enum class RefusalReason : std::uint8_t { kPresenceFull };

struct Refused {
  ChannelRef channel;
  ConnectionRef connection;
  std::uint32_t attempt = 0;
  RefusalReason reason = RefusalReason::kPresenceFull;
  std::uint32_t limit = 0;
};

struct Deliver {
  ChannelRef channel;
  BytesSlice frame;
  ConnectionRef except;
  FrameClass frame_class = FrameClass::kEvent;
  MonotonicTime received;  // when the publish reached the server; the epoch: not measured
};

// Close every connection of a signed-in user: to the home of "#server-to-user-<id>", then to every loop it is on.
struct TerminateUser {
  ChannelRef channel;
};
struct Terminate {
  ChannelRef channel;
};

// Take a user's connections out of one channel: to its home, then to every loop that has subscribers.
struct KickMember {
  ChannelRef channel;
  std::string user_id;
};
struct Kick {
  ChannelRef channel;
  std::string user_id;
};

// Watchlists: `user` is the watched user's own channel.
struct Watch {
  ChannelRef user;
  ConnectionRef watcher;
  std::uint32_t attempt = 0;
};
struct Unwatch {
  ChannelRef user;
  ConnectionRef watcher;
};
struct WatchNotice {
  ChannelRef user;
  ConnectionRef watcher;
  std::uint32_t attempt = 0;  // of the Watch that this answers; 0: a change
  bool online = false;
};

}  // namespace fanfare::core
