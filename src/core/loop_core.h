// LoopCore: everything that core has on one loop, and the receiving end of the home-loop protocol.
//
// The connection side (subscriptions, hub) and the home side (channels, users, cache, idempotency keys) live here side
// by side; a connection and the channels it joins may be on different loops.
//
// Thread: one loop. Created before the loops run, destroyed after they stopped.
#pragma once

#include "base/clock.h"
#include "core/channel_directory.h"
#include "core/connection_table.h"
#include "core/core_stats.h"
#include "core/event_cache.h"
#include "core/home.h"
#include "core/hub.h"
#include "core/idempotency_table.h"
#include "core/local_subscriptions.h"
#include "core/loop_link.h"
#include "core/options.h"
#include "core/user_directory.h"

namespace fanfare::core {

class ChannelObserver;

class LoopCore {
 public:
  // `clock` gives the turn's time; `options`, `loops`, `clock` and `observer` (may be null) outlive this.
  LoopCore(LoopIndex index, const LoopSet& loops, const CoreOptions& options, const Clock& clock,
           ChannelObserver* observer);
  LoopCore(const LoopCore&) = delete;
  LoopCore& operator=(const LoopCore&) = delete;
  ~LoopCore() = default;

  LoopIndex index() const noexcept { return link_.self(); }
  const LoopLink& link() const noexcept { return link_; }
  const Clock& clock() const noexcept { return clock_; }
  const CoreOptions& options() const noexcept { return options_; }
  CoreStats& stats() noexcept { return stats_; }
  const CoreStats& stats() const noexcept { return stats_; }

  // --- The connection side.
  ConnectionTable& connections() noexcept { return connections_; }
  LocalSubscriptions& subscriptions() noexcept { return subscriptions_; }
  const Hub& hub() const noexcept { return hub_; }
  // Leaves every channel and gives the ref back; the last call about this subscriber.
  void remove(Subscriber& subscriber);

  // --- The home side.
  ChannelDirectory& channels() noexcept { return channels_; }
  const UserDirectory& users() const noexcept { return users_; }
  EventCache& cache() noexcept { return cache_; }
  IdempotencyTable& idempotency() noexcept { return idempotency_; }

  // --- The loop's turn.
  // Hands queued events to subscribers, a bounded number. True: more is waiting.
  bool run_turn();
  // Whether fan-outs ended since the last record_finished(): then it wants to be called after the turn's writes, with
  // the time read after them.
  bool has_finished_fan_outs() const noexcept { return hub_.has_finished(); }
  void record_finished(MonotonicTime now) { hub_.record_finished(now); }
  // A few times a second: throttled counts and delayed offline notices.
  void run_due();

  // A reload's new table of apps is in force.
  void refresh_apps(const AppTable& table) { channels_.refresh_apps(table); }

  // --- The home-loop protocol (home.h).
  void receive(Join&& message) { channels_.join(std::move(message)); }
  void receive(const Leave& message) { channels_.leave(message); }
  void receive(const Publish& message);
  void receive(const TerminateUser& message) { channels_.terminate_user(message); }
  void receive(const KickMember& message) { channels_.kick(message); }
  void receive(const Watch& message) { users_.watch(message); }
  void receive(const Unwatch& message) { users_.unwatch(message); }
  void receive(Admitted&& message) { subscriptions_.receive(std::move(message)); }
  void receive(const Refused& message) { subscriptions_.receive(message); }
  void receive(Deliver&& message);
  void receive(const Terminate& message) { subscriptions_.receive(message); }
  void receive(const Kick& message) { subscriptions_.receive(message); }
  void receive(const WatchNotice& message);

 private:
  LoopLink link_;
  const CoreOptions& options_;
  const Clock& clock_;
  CoreStats stats_;
  ConnectionTable connections_;
  Hub hub_;
  LocalSubscriptions subscriptions_;
  EventCache cache_;
  HomeContext home_;
  UserDirectory users_;
  ChannelDirectory channels_;
  IdempotencyTable idempotency_;
};

}  // namespace fanfare::core
