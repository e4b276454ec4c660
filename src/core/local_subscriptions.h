// LocalSubscriptions: subscribing as seen by the connection's own loop: pending, then active, then gone.
//
// It keeps the rules of home.h: one Leave for every Join, sent at once, also while the answer is pending; a stale
// answer is ignored. The caller has verified name, signature and rights.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/connection_table.h"
#include "core/core_stats.h"
#include "core/home.h"
#include "core/hub.h"
#include "core/loop_link.h"

namespace fanfare::core {

enum class SubscribeOutcome : std::uint8_t {
  kStarted,  // the answer is Subscriber::on_admitted or on_refused, perhaps before subscribe() returns
  kAlreadySubscribed,
  kTooMany,  // AppLimits::subscriptions_per_connection
};

class LocalSubscriptions {
 public:
  LocalSubscriptions(ConnectionTable& connections, Hub& hub, const LoopLink& link, CoreStats& stats)
      : connections_(connections), hub_(hub), link_(link), stats_(stats) {}

  // `member`: for presence channels, null for all others. `hidden`: see Subscription.
  SubscribeOutcome subscribe(Subscriber& subscriber, const AppRef& app, const ChannelView& channel, MemberRef member,
                             bool hidden = false);
  // False: there was no such subscription, neither active nor pending.
  bool unsubscribe(Subscriber& subscriber, const ChannelView& channel);
  void unsubscribe_all(Subscriber& subscriber);
  // nullptr: neither active nor pending. Valid until the subscriber's next subscribe or unsubscribe.
  Subscription* find(Subscriber& subscriber, const ChannelView& channel) const;

  void receive(Admitted&& message);
  void receive(const Refused& message);
  void receive(const Kick& message);
  void receive(const Terminate& message);

 private:
  static std::size_t index_of(const Subscriber& subscriber, const HubChannel* channel);
  // The subscription that `message` answers; npos: it was given up meanwhile.
  template <typename Answer>
  std::size_t pending_index(Subscriber& subscriber, const Answer& message) const;
  void remove(Subscriber& subscriber, std::size_t index);

  ConnectionTable& connections_;
  Hub& hub_;
  const LoopLink& link_;
  CoreStats& stats_;
};

}  // namespace fanfare::core
