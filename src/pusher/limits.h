// Every limit of the hosted service, once, with its source: the defaults that an app may tighten or widen.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

#include "base/bytes.h"

namespace fanfare::pusher {

// Source: REF 12.1 and what its rows name.
struct Limits {
  std::size_t event_data_bytes_max = 10 * kKiB;         // HTTP API, POST events, the unescaped `data`: above it 413
  std::size_t event_name_chars_max = 200;               // every server SDK
  std::size_t publish_channels_max = 100;               // HTTP API, POST events, `channels`
  std::size_t publish_batch_events_max = 10;            // HTTP API, POST batch_events, multi-tenant clusters
  std::size_t channel_name_chars_max = 164;             // Channels guide, prefix included
  std::size_t presence_members_max = 100;               // Presence channels: distinct users of a channel
  std::size_t presence_user_info_bytes_max = 1 * kKiB;  // Presence channels: the user object
  std::size_t user_id_chars_max = 128;                  // Presence channels
  std::size_t watchlist_users_max = 100;            // Watchlist events: the first so many are kept, and 4302 is sent
  std::uint32_t client_events_per_second_max = 10;  // Client events, a connection: above it 4301
  std::chrono::seconds auth_timestamp_skew{600};    // HTTP API, authentication: from this on 401
  std::chrono::seconds cache_ttl{30 * 60};          // Cache channels
  std::size_t subscription_count_throttle_above =
      100;  // Subscription counts: subscribers up to which each change is told
  std::chrono::seconds subscription_count_interval{5};     // Subscription counts: above that
  std::chrono::seconds activity_timeout{120};              // Protocol 7, ping and pong
  std::chrono::seconds pong_timeout{30};                   // Protocol 7, ping and pong: then 4201
  std::chrono::hours inactivity_timeout_without_ping{24};  // close code 4202
};

inline constexpr Limits kLimits{};

}  // namespace fanfare::pusher
