// What is published, what is asked about channels, and the answers.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fanfare::sdk {

// Counts to answer a publish with. On hosted Pusher and on Fanfare the app needs subscription counting on.
struct CountInfo {
  bool user_count = false;          // distinct users; presence channels
  bool subscription_count = false;  // connections; any channel
};

// What is published, to one or more channels.
// Source: Pusher Channels, "HTTP API reference", "POST event".
struct Event {
  std::vector<std::string> channels{};  // 1 to 100; an encrypted one only alone
  std::string name{};                   // 1 to 200 characters, not beginning with pusher: or pusher_internal:
  // UTF-8, passed on as it is; clients parse it when it is JSON. Of an encrypted channel it is encrypted first.
  std::string data{};
  std::string socket_id{};  // this connection does not get the event; empty: none
  CountInfo info{};         // what to answer of each channel
  // Fanfare publishes once for all requests with this key within two minutes; at most 255 bytes of printable ASCII.
  // Empty: the client makes one where the server is Fanfare. Hosted Pusher does not look at it.
  std::string idempotency_key{};
};

// One of a batch: one channel, which may be an encrypted one.
struct BatchEvent {
  std::string channel{};    // 1 to 164 characters of A-Za-z0-9_-=@,.;
  std::string name{};       // as Event's
  std::string data{};       // as Event's
  std::string socket_id{};  // as Event's
  CountInfo info{};         // as Event's
};

// What was asked for and applies; the rest is empty.
struct ChannelCounts {
  std::optional<std::uint64_t> user_count{};          // distinct users
  std::optional<std::uint64_t> subscription_count{};  // connections
};

// The event was taken, for all of its channels. Wire: {} or {"channels":{"presence-a":{"user_count":2}}}
struct TriggerAnswer {
  bool skipped = false;                             // publishing is disabled: nothing was sent
  std::map<std::string, ChannelCounts> channels{};  // with Event::info only
};

// The batch was taken, all of it. Wire: {} or {"batch":[{"user_count":2},{}]}
struct BatchAnswer {
  bool skipped = false;                 // as TriggerAnswer's
  std::vector<ChannelCounts> events{};  // in the order of the batch; with an info only
};

// Which channels, and what of them.
struct ChannelsQuery {
  std::string prefix{};     // only channels that begin so
  bool user_count = false;  // only with a prefix that begins with "presence-"
};
// The occupied channels, by name.
using ChannelsAnswer = std::map<std::string, ChannelCounts>;

// What of one channel.
struct ChannelQuery {
  bool user_count = false;          // presence channels
  bool subscription_count = false;  // as CountInfo's
  bool cache = false;               // its last event; cache channels
};

// The last event of a cache channel.
struct CachedEvent {
  std::string data{};           // as it was published; of an encrypted channel the ciphertext
  std::chrono::seconds ttl{0};  // how long it is still kept
};

// Wire: {"occupied":true,"user_count":2,"subscription_count":3,"cache":{"data":"…","ttl":1790}}
struct ChannelAnswer {
  bool occupied = false;                              // it has a subscriber
  std::optional<std::uint64_t> user_count{};          // asked for, and it is a presence channel
  std::optional<std::uint64_t> subscription_count{};  // asked for
  std::optional<CachedEvent> cache{};                 // asked for, and there is one
};

// Of a generic get() or post().
struct Answer {
  int status = 0;      // 200 to 299
  std::string body{};  // as it came
};

}  // namespace fanfare::sdk
