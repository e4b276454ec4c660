#include "core/channel_directory.h"

#include <utility>

#include <tsl/robin_set.h>

#include "base/assert.h"
#include "core/channel_observer.h"
#include "core/loop_core.h"
#include "core/user_directory.h"

namespace fanfare::core {

const Channel* ChannelDirectory::find(const ChannelView& channel) const { return find_mutable(channel); }

Channel* ChannelDirectory::find_mutable(const ChannelView& channel) const {
  const auto found = channels_.find(channel, channel.hash);
  return found == channels_.end() ? nullptr : found->second.get();
}

void ChannelDirectory::join(Join&& join) {
  const ChannelRef name = join.channel;
  auto& place = channels_[name];
  if (place == nullptr) place = std::make_unique<Channel>(name, home_.link.loops().size());
  Channel& channel = *place;
  channel.join(std::move(join), home_);
  if (name->is_user_channel() && channel.subscription_count() == 1) users_.went_online(name);
  note(channel);
}

void ChannelDirectory::leave(const Leave& leave) {
  Channel* channel = find_mutable(leave.channel->view());
  FANFARE_ASSERT(channel != nullptr);  // every Leave has its Join
  const std::chrono::milliseconds offline_delay = channel->app().offline_delay;
  channel->leave(leave, home_);
  if (leave.channel->is_user_channel() && !channel->is_occupied()) {
    users_.went_offline(leave.channel, home_.clock.monotonic(), offline_delay);
  }
  note(*channel);
  remove_if_unused(*channel);
}

void ChannelDirectory::refresh_apps(const AppTable& table) {
  for (const auto& [name, channel] : channels_) {
    if (const AppRef* app = table.find_by_index(name->app())) channel->set_app(*app);
  }
}

void ChannelDirectory::publish(const ChannelView& view, const EventTokens& event, StoredEventRef stored,
                               const PublishFacts& facts) {
  const bool is_client_event = facts.source == EventSource::kClient;
  (is_client_event ? home_.stats.published_client : home_.stats.published_api).add();
  Channel* channel = find_mutable(view);
  const bool cached = channel != nullptr ? channel->name()->is_cached() : pusher::channel_traits(view.text).cached;
  if (!is_client_event && cached) {
    if (!stored) stored = StoredEventRef(new StoredEvent(event));
    home_.cache.store(channel != nullptr ? channel->name() : make_channel_ref(view), std::move(stored),
                      home_.clock.monotonic() + facts.cache_ttl);
  }
  if (channel == nullptr) return;
  const bool published = channel->publish(event, facts, home_);
  if (published && is_client_event && home_.observer != nullptr) {
    home_.observer->on_client_event(*channel->name(), event, facts.except);
  }
  note(*channel);
}

void ChannelDirectory::terminate_user(const TerminateUser& message) {
  if (const Channel* channel = find(message.channel->view()))
    channel->tell_loops(Terminate{message.channel}, home_.link);
}

void ChannelDirectory::kick(const KickMember& message) {
  if (const Channel* channel = find(message.channel->view())) {
    channel->tell_loops(Kick{message.channel, message.user_id}, home_.link);
  }
}

// Remembers what the channel needs done later.
void ChannelDirectory::note(Channel& channel) {
  if (channel.wants_burst_cleanup() && (bursts_.empty() || !(bursts_.back() == channel.name()))) {
    bursts_.push_back(channel.name());
  }
  if (channel.take_new_count_due()) due_.push({channel.count_due(), channel.name()});
}

void ChannelDirectory::remove_if_unused(Channel& channel) {
  if (!channel.is_unused()) return;
  // A copy, which keeps the key alive while it is erased. NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
  const ChannelRef name = channel.name();
  channels_.erase(name);
}

std::vector<std::string> ChannelDirectory::user_ids(AppIndex app) const {
  tsl::robin_set<std::string> ids;
  for (const auto& [name, channel] : channels_) {
    if (name->app() != app || !channel->is_occupied()) continue;
    if (name->is_user_channel()) {
      ids.emplace(pusher::server_to_user_id(name->text()));
    } else if (name->is_presence()) {
      for (std::string& id : channel->member_ids()) ids.insert(std::move(id));
    }
  }
  return {ids.begin(), ids.end()};
}

void ChannelDirectory::run_due(MonotonicTime now) {
  while (!due_.empty() && due_.top().at <= now) {
    const ChannelRef name = due_.top().channel;
    due_.pop();
    // The channel may have gone, or have come back without anything waiting.
    Channel* channel = find_mutable(name->view());
    if (channel != nullptr && channel->count_due() != MonotonicTime{} && channel->count_due() <= now) {
      channel->send_due_count(home_);
      note(*channel);
    }
  }
}

void ChannelDirectory::end_turn() {
  for (const ChannelRef& name : bursts_) {
    if (Channel* channel = find_mutable(name->view())) channel->drop_burst_chunk();
  }
  bursts_.clear();
  ++home_.turn;
}

}  // namespace fanfare::core
