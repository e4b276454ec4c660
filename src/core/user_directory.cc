#include "core/user_directory.h"

#include <utility>

#include "core/loop_core.h"

namespace fanfare::core {

void UserDirectory::watch(const Watch& message) {
  State& state = states_[message.user];
  state.watchers.insert(message.watcher);
  link_.send(message.watcher.loop(), WatchNotice{message.user, message.watcher, message.attempt, state.online});
}

void UserDirectory::unwatch(const Unwatch& message) {
  const auto found = states_.find(message.user);
  if (found == states_.end()) return;
  found.value().watchers.erase(message.watcher);
  forget_if_idle(message.user);
}

void UserDirectory::went_online(const ChannelRef& user) {
  State& state = states_[user];
  state.offline_at = {};
  if (state.online) return;  // back within the delay: nobody noticed
  state.online = true;
  stats_.users.add(1);
  announce(user, state);
}

void UserDirectory::went_offline(const ChannelRef& user, MonotonicTime now, std::chrono::milliseconds delay) {
  State& state = states_[user];
  if (!state.online) return;
  if (delay > std::chrono::milliseconds{0}) {
    state.offline_at = now + delay;
    // Once is enough, however often a user comes and goes within the delay.
    if (!std::exchange(state.is_listed, true)) leaving_.push_back(user);
    return;
  }
  state.online = false;
  stats_.users.add(-1);
  announce(user, state);
  forget_if_idle(user);
}

void UserDirectory::run_due(MonotonicTime now) {
  if (leaving_.empty()) return;
  std::vector<ChannelRef> due;  // or back
  std::erase_if(leaving_, [&](const ChannelRef& user) {
    State& state = states_[user];  // kept while it is listed
    if (state.offline_at > now) return false;
    state.is_listed = false;
    due.push_back(user);
    return true;
  });
  for (const ChannelRef& user : due) {
    const bool has_left = std::exchange(states_[user].offline_at, {}) != MonotonicTime{};
    if (has_left) {
      went_offline(user, now, std::chrono::milliseconds{0});
    } else {
      forget_if_idle(user);
    }
  }
}

void UserDirectory::announce(const ChannelRef& user, const State& state) const {
  for (const ConnectionRef watcher : state.watchers) {
    link_.send(watcher.loop(), WatchNotice{user, watcher, 0, state.online});
  }
}

void UserDirectory::forget_if_idle(const ChannelRef& user) {
  const auto found = states_.find(user);
  if (found != states_.end() && !found->second.online && found->second.watchers.empty() && !found->second.is_listed) {
    states_.erase(found);
  }
}

}  // namespace fanfare::core
