// ChannelDirectory: the channels homed on one loop.
//
// Thread: one loop.
#pragma once

#include <cstddef>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include <tsl/robin_map.h>

#include "core/app_table.h"
#include "core/channel.h"
#include "core/home_context.h"

namespace fanfare::core {

class UserDirectory;

class ChannelDirectory {
 public:
  ChannelDirectory(HomeContext& home, UserDirectory& users) : home_(home), users_(users) {}

  void join(Join&& join);
  void leave(const Leave& leave);
  // `stored` may be null; it spares a copy where the event had to be kept anyway.
  void publish(const ChannelView& channel, const EventTokens& event, StoredEventRef stored, const PublishFacts& facts);
  void terminate_user(const TerminateUser& message);
  void kick(const KickMember& message);

  // After a reload: channels go by their app's new settings at once. Those of an app that is gone keep the old ones.
  void refresh_apps(const AppTable& table);

  // nullptr: no subscriptions.
  const Channel* find(const ChannelView& channel) const;
  std::size_t size() const noexcept { return channels_.size(); }
  // The app's occupied channels whose names begin with `prefix`; users' own channels are not shown.
  template <typename Visit>
  void for_each_occupied(AppIndex app, std::string_view prefix, Visit&& visit) const {
    for (const auto& [name, channel] : channels_) {
      if (name->app() != app || !channel->is_occupied() || name->is_user_channel()) continue;
      if (std::string_view(name->text()).substr(0, prefix.size()) == prefix) visit(*channel);
    }
  }

  // The app's users, each once: those who are signed in, and the members of presence channels.
  std::vector<std::string> user_ids(AppIndex app) const;

  // Sends the throttled counts that are due.
  void run_due(MonotonicTime now);
  void end_turn();

 private:
  struct Due {
    MonotonicTime at;
    ChannelRef channel;
    friend bool operator>(const Due& a, const Due& b) noexcept { return a.at > b.at; }
  };

  Channel* find_mutable(const ChannelView& channel) const;
  void note(Channel& channel);
  void remove_if_unused(Channel& channel);

  HomeContext& home_;
  UserDirectory& users_;
  tsl::robin_map<ChannelRef, std::unique_ptr<Channel>, ChannelHash, ChannelEqual> channels_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
  std::vector<ChannelRef> bursts_;  // channels with a burst chunk this turn
};

}  // namespace fanfare::core
