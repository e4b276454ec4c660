// Subscriber: what core knows of a connection. session/ implements it, tests have a fake.
//
// Subscription: one channel of one subscriber, as its own loop sees it: pending from subscribe() until the home loop's
// answer, then active with a seat in the HubChannel.
//
// Thread: one loop, for life. Elsewhere a connection is a ConnectionRef.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include <boost/container/small_vector.hpp>

#include "base/clock.h"
#include "core/channel_ref.h"
#include "core/connection_ref.h"
#include "core/delivery.h"
#include "core/member.h"

namespace fanfare::core {

class HubChannel;
struct Admitted;
struct Refused;
struct WatchNotice;

// What a full send queue may do with a frame.
enum class FrameClass : std::uint8_t {
  kProtocol,  // pusher: and pusher_internal: never dropped
  kEvent,     // published and client events: delivered at most once
};

struct Subscription {
  static constexpr std::uint32_t kNoSeat = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::uint32_t kAttemptsMask = 0x7FFF'FFFF;

  HubChannel* channel = nullptr;
  std::uint32_t seat = kNoSeat;    // index in the HubChannel; kNoSeat while pending
  std::uint32_t attempt : 31 = 0;  // which subscribe() an Admitted answers
  // A user's own channel, joined by sign-in; set until the client itself subscribes to it.
  bool hidden : 1 = false;
  MemberRef member;  // who it is there; presence channels only

  bool is_active() const noexcept { return seat != kNoSeat; }
};

class Subscriber {
 public:
  Subscriber() = default;
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;
  virtual ~Subscriber() = default;

  // Offers encoded frames (one or several whole ones). Must not call back into core; a subscriber that cannot take them
  // closes at the end of the turn.
  virtual void deliver(const Delivery& delivery, FrameClass frame_class) = 0;
  // The subscription stands. Events of the channel come after this call, never before.
  virtual void on_admitted(Subscription& subscription, const Admitted& admitted) = 0;
  // The home loop said no; the subscription is gone.
  virtual void on_refused(const ChannelName& channel, const Refused& refused) = 0;
  // The subscription was taken away through the HTTP API; it is gone.
  virtual void on_kicked(const ChannelName& channel) = 0;
  // The user's connections are to be closed.
  virtual void on_terminated() = 0;
  // A watched user went online or offline, or the answer to watch().
  virtual void on_watch_notice(const WatchNotice& notice) = 0;
  // The loop looks at its connections in rounds (ConnectionTable::look_at_due): whether a deadline has passed. May
  // close the connection. Returns when to look again.
  virtual MonotonicTime on_round(MonotonicTime now) = 0;
  // The id of the signed-in user, empty when there is none.
  virtual const std::string& user_id() const noexcept = 0;

  ConnectionRef ref() const noexcept { return ref_; }
  std::size_t subscription_count() const noexcept { return subscriptions_.size(); }

 private:
  friend class ConnectionTable;
  friend class Hub;
  friend class HubChannel;
  friend class LocalSubscriptions;

  ConnectionRef ref_;
  std::uint32_t attempts_ = 0;
  // Its members' order is free: seats know their index here and the other way round.
  boost::container::small_vector<Subscription, 1> subscriptions_;
};

}  // namespace fanfare::core
