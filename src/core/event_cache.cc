#include "core/event_cache.h"

#include <utility>

namespace fanfare::core {

void EventCache::store(const ChannelRef& channel, StoredEventRef event, MonotonicTime expires) {
  if (const auto known = by_channel_.find(channel); known != by_channel_.end()) erase(known->second);
  order_.push_back({channel, std::move(event), expires});
  by_channel_[channel] = std::prev(order_.end());
  bytes_ += bytes_of(order_.back());
  while (!order_.empty() && (order_.size() > events_max_ || bytes_ > bytes_max_)) {
    erase(order_.begin());
    stats_.cache_evictions.add();
  }
  stats_.cached_events.set(static_cast<std::int64_t>(order_.size()));
  stats_.cached_bytes.set(static_cast<std::int64_t>(bytes_));
}

const EventCache::Entry* EventCache::find(const ChannelView& channel, MonotonicTime now) {
  const auto found = by_channel_.find(channel, channel.hash);
  if (found == by_channel_.end()) return nullptr;
  if (found->second->expires <= now) {
    erase(found->second);
    return nullptr;
  }
  return &*found->second;
}

void EventCache::erase(Order::iterator entry) {
  bytes_ -= bytes_of(*entry);
  const ChannelRef channel = entry->channel;
  by_channel_.erase(channel);
  order_.erase(entry);
  stats_.cached_events.set(static_cast<std::int64_t>(order_.size()));
  stats_.cached_bytes.set(static_cast<std::int64_t>(bytes_));
}

}  // namespace fanfare::core
