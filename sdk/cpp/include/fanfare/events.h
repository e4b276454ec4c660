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
  bool user_count = false;  // presence channels
  bool subscription_count = false;
};

struct Event {
  std::vector<std::string> channels{};  // 1 to 100; an encrypted one only alone
  std::string name{};
  // UTF-8, passed on as it is; clients parse it when it is JSON. Of an encrypted channel it is encrypted first.
  std::string data{};
  std::string socket_id{};  // this connection does not get the event; empty: none
  CountInfo info{};
  // Fanfare publishes once for all requests with this key within two minutes; at most 255 bytes of printable ASCII.
  // Empty: the client makes one where the server is Fanfare. Hosted Pusher does not look at it.
  std::string idempotency_key{};
};

// One of a batch: one channel, which may be an encrypted one.
struct BatchEvent {
  std::string channel{};
  std::string name{};
  std::string data{};
  std::string socket_id{};
  CountInfo info{};
};

// What was asked for and applies; the rest is empty.
struct ChannelCounts {
  std::optional<std::uint64_t> user_count{};
  std::optional<std::uint64_t> subscription_count{};
};

struct TriggerAnswer {
  bool skipped = false;                             // publishing is disabled: nothing was sent
  std::map<std::string, ChannelCounts> channels{};  // with Event::info only
};

struct BatchAnswer {
  bool skipped = false;
  std::vector<ChannelCounts> events{};  // in the order of the batch; with an info only
};

struct ChannelsQuery {
  std::string prefix{};     // only channels that begin so
  bool user_count = false;  // only with a prefix that begins with "presence-"
};
// The occupied channels, by name.
using ChannelsAnswer = std::map<std::string, ChannelCounts>;

struct ChannelQuery {
  bool user_count = false;  // presence channels
  bool subscription_count = false;
  bool cache = false;  // cache channels
};

struct CachedEvent {
  std::string data{};
  std::chrono::seconds ttl{0};
};

struct ChannelAnswer {
  bool occupied = false;
  std::optional<std::uint64_t> user_count{};
  std::optional<std::uint64_t> subscription_count{};
  std::optional<CachedEvent> cache{};  // asked for, and there is one
};

// Of a generic get() or post().
struct Answer {
  int status = 0;  // 200 to 299
  std::string body{};
};

}  // namespace fanfare::sdk
