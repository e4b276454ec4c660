// ChannelObserver: port for whoever follows what happens to channels: webhooks, the operator's dashboard, tests.
//
// Thread: called on the channel's home loop, in the order things happened to that channel; must not block.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/channel_ref.h"
#include "core/home.h"

namespace fanfare::core {

class ChannelObserver {
 public:
  ChannelObserver() = default;
  ChannelObserver(const ChannelObserver&) = delete;
  ChannelObserver& operator=(const ChannelObserver&) = delete;
  virtual ~ChannelObserver() = default;

  virtual void on_occupied(const ChannelName& channel) = 0;  // the first subscription
  virtual void on_vacated(const ChannelName& channel) = 0;   // the last one is gone
  virtual void on_member_added(const ChannelName& channel, std::string_view user_id) = 0;
  virtual void on_member_removed(const ChannelName& channel, std::string_view user_id) = 0;
  virtual void on_client_event(const ChannelName& channel, const EventTokens& event, ConnectionRef sender) = 0;
  virtual void on_cache_miss(const ChannelName& channel) = 0;
  virtual void on_subscription_count(const ChannelName& channel, std::size_t count) = 0;
};

}  // namespace fanfare::core
