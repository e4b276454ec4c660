// What can be set about the gateway; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "jwt/options.h"

namespace fanfare::gateway {

// Which names of occupied channels the health endpoints tell to whoever asks.
enum class ActiveChannels : std::uint8_t {
  kAutomatic,  // all on a loopback address, else the open ones
  kAll,
  kOpen,  // without private-, presence- and their forms
  kNone,
};

// The Channels server: credentials are those of an app of the configuration.
struct ChannelsServerOptions {
  bool enabled = true;
  std::string url{};                    // PUSHER_URL; it stands for what it holds
  std::string host{};                   // empty: by cluster; without one this machine's fanfare serve
  std::string cluster{};                // of hosted Pusher
  std::uint16_t port = 0;               // 0: the scheme's; of this machine's fanfare serve its own
  bool tls = true;                      // this machine's fanfare serve is asked without
  std::string encryption_master_key{};  // base64 of 32 bytes
};

struct RateLimitOptions {
  // Requests in a window; 0: no limit.
  std::uint32_t auth_per_user = 100;
  std::uint32_t trigger_per_user = 100;
  std::uint32_t per_address = 1'000;  // for each of the two kinds
  std::chrono::seconds window{10};
};

struct WebhookOptions {
  std::string url{};                      // events are handed on to; empty: nowhere
  std::string command{};                  // or to this, run by /bin/sh with the body on its standard input
  std::chrono::seconds window{300};       // older ones are dropped
  std::chrono::seconds retry_time{300};   // how long one is tried again
  std::chrono::seconds attempt_time{10};  // of one attempt
  std::size_t queued_max = 1'000;         // that wait for being handed on; above it the sender is told to retry
};

struct SessionOptions {
  std::string url{};     // asked with the request's Cookie header; empty: only tokens are taken
  std::string cookie{};  // only when this one is there; empty: any
};

struct GatewayOptions {
  bool enabled = false;  // inside `fanfare serve`
  std::string host = "127.0.0.1";
  std::uint16_t port = 8009;          // 0: the kernel picks one
  std::uint16_t metrics_port = 9602;  // of `fanfare gateway`; 0: the kernel picks one
  std::string app{};                  // its id; empty: the only one, or the first

  ChannelsServerOptions channels{};
  jwt::JwtOptions jwt{};
  SessionOptions session{};
  RateLimitOptions limits{};
  WebhookOptions webhook{};

  std::vector<std::string> cors_origins{};     // "https://app.example.com", or "*"
  std::vector<std::string> trusted_proxies{};  // addresses and networks, "10.0.0.0/8"
  std::size_t body_bytes_max = kMiB;           // of triggers and webhooks; auth requests have at most 16 KiB
  bool access_log = true;

  ActiveChannels active_channels = ActiveChannels::kAutomatic;
  std::chrono::seconds hosted_health_age{60};  // hosted Pusher bills what health asks
};

}  // namespace fanfare::gateway
