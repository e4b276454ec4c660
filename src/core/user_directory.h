// UserDirectory: who watches the users homed on one loop. A user is online while its own channel
// ("#server-to-user-<id>") has a subscription, which sign-in makes. Source: REF 6.7
//
// Thread: one loop: the home of the user's channel.
#pragma once

#include <chrono>
#include <cstddef>
#include <vector>

#include <tsl/robin_map.h>
#include <tsl/robin_set.h>

#include "core/core_stats.h"
#include "core/home.h"
#include "core/loop_link.h"

namespace fanfare::core {

class UserDirectory {
 public:
  UserDirectory(const LoopLink& link, CoreStats& stats) : link_(link), stats_(stats) {}

  // Answers with the present state and tells of changes from now on.
  void watch(const Watch& message);
  void unwatch(const Unwatch& message);

  // From the channel directory: the first sign-in, the last one gone.
  void went_online(const ChannelRef& user);
  // `delay`: a user who is back within it was never away.
  void went_offline(const ChannelRef& user, MonotonicTime now, std::chrono::milliseconds delay);
  void run_due(MonotonicTime now);

  // Users who are online or watched.
  std::size_t size() const noexcept { return states_.size(); }

 private:
  struct RefHash {
    std::size_t operator()(ConnectionRef ref) const noexcept {
      // The nonce is random, so it spreads the slots as well.
      return (std::size_t{ref.nonce()} << 32U) ^ ref.nonce() ^ ref.socket_id().a;
    }
  };
  struct State {
    bool online = false;         // as the watchers know it
    MonotonicTime offline_at{};  // the epoch: not leaving
    bool is_listed = false;      // in leaving_, where one who came back stays until the next run_due()
    // Many may watch one popular user, and come back all at once.
    tsl::robin_set<ConnectionRef, RefHash> watchers;
  };
  using States = tsl::robin_map<ChannelRef, State, ChannelHash, ChannelEqual>;

  void announce(const ChannelRef& user, const State& state) const;
  void forget_if_idle(const ChannelRef& user);

  const LoopLink& link_;
  CoreStats& stats_;
  States states_;
  std::vector<ChannelRef> leaving_;  // each at most once
};

}  // namespace fanfare::core
