// App: a tenant with its keys, switches and limits. Immutable; a reload makes new ones.
//
// AppUsage is the one mutable thing of an app that all loops share: plain atomics, kept across reloads.
//
// Thread: any.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "access/access_table.h"
#include "base/strong_id.h"
#include "pusher/app_keys.h"

namespace fanfare::core {

// A small number for an app id; the same id keeps its number for the life of the process.
using AppIndex = StrongId<struct AppIndexTag>;

enum class SlowConsumerPolicy : std::uint8_t {
  kClose,       // close with 4100: the client reconnects and subscribes anew
  kDropOldest,  // drop the oldest published and client events that wait, never protocol events
};

struct AppSwitches {
  bool enabled = true;
  bool client_events = false;
  bool subscription_count = false;
  bool watchlist = false;
  bool authorized_connections = false;     // Source: REF 6.6
  bool subscription_error_events = false;  // also send pusher:subscription_error (Laravel Echo's .error())
  bool client_event_objects = false;       // pass object data of client events on as it is, not as a string
  bool allow_missing_protocol = false;     // no `protocol` in the URL means 7, not 4008
  bool access_rules = false;               // see App::access
  bool tls_only = false;                   // plain ws:// is refused with 4000
  bool compression = true;                 // its clients may have permessage-deflate, where the server speaks it
};

// 0 means no limit, except where a comment says otherwise.
struct AppLimits {
  std::uint32_t connections = 0;
  std::uint32_t connections_per_address = 0;  // proxies share one address, hence no limit by default
  std::uint32_t subscriptions_per_connection = 10'000;
  std::uint32_t channel_name_chars = 164;  // at least 1
  std::uint32_t event_name_chars = 200;    // at least 1
  std::uint32_t event_data_bytes = 10'240;
  std::uint32_t publish_channels = 100;         // channels of one publish; at least 1
  std::uint32_t publish_batch_events = 10;      // events of one batch; at least 1
  std::uint32_t publishes_per_second = 0;       // events through the HTTP API, over all loops
  std::uint32_t client_events_per_second = 10;  // of one connection
  std::uint32_t presence_members = 100;         // distinct users of one channel
  std::uint32_t presence_user_info_bytes = 1024;
  std::uint32_t presence_user_id_chars = 128;
  std::uint32_t watchlist_users = 100;
  std::uint32_t send_queue_bytes = 1024 * 1024;  // waiting for one slow connection; at least 64 KiB
};

// Per-app state that every loop reads and writes.
class AppUsage {
 public:
  // Connections that count against the quota right now.
  std::atomic<std::uint32_t> connections{0};
  // One of the app's publishes_per_second, or false. `now_ms` is monotonic.
  bool try_take_publishes(std::uint32_t count, std::uint32_t per_second, std::int64_t now_ms) noexcept;

 private:
  // The time up to which the allowance is used, in µs: a bucket without a lock (generic cell rate algorithm).
  std::atomic<std::int64_t> publish_used_until_us_{0};
};

struct App {
  AppIndex index;
  std::string id;
  std::string name;
  pusher::AppKeys keys;  // in the file's order; the first enabled one is the oldest
  AppSwitches switches;
  AppLimits limits;
  std::vector<std::string> allowed_origins;  // empty: any; "*.example.com" matches subdomains
  std::chrono::seconds cache_ttl{1800};
  std::chrono::seconds idempotency_window{120};
  std::chrono::seconds kick_refuse_auth{60};   // how long a kicked connection's old auth is refused
  std::chrono::seconds access_hold{10};        // how long a subscription waits for the sign-in that its rule needs
  std::chrono::milliseconds offline_delay{0};  // watchlists: how long a user may be away unnoticed
  std::uint16_t terminate_close_code = 4009;
  SlowConsumerPolicy slow_consumer = SlowConsumerPolicy::kClose;
  // Who may subscribe to channels that clients need no auth for, and send client events; null: everyone.
  std::shared_ptr<const access::AccessTable> access;
  std::shared_ptr<AppUsage> usage = std::make_shared<AppUsage>();
};

using AppRef = std::shared_ptr<const App>;

}  // namespace fanfare::core
