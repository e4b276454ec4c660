// [[apps]] and [apps.limits]
#include "config/settings.h"

namespace fanfare::config {

namespace {

using core::App;
using core::AppLimits;
using core::AppSwitches;

constexpr std::string_view kSlowConsumerPolicies[] = {"close", "drop_oldest"};
constexpr std::int64_t kCountMax = 4'000'000'000;
constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;
constexpr std::int64_t kDaySeconds = 86'400;

template <auto Field>
Setting<App> app_switch(std::string_view key, std::string_view text) {
  return setting<App, &App::switches, Field>({.table = "apps", .key = key, .text = text, .reloadable = true});
}

struct Range {
  std::int64_t min = 0;
  std::int64_t max = kCountMax;
};

template <auto Field>
Setting<App> app_limit(std::string_view key, Range range, std::string_view unit, std::string_view text) {
  return setting<App, &App::limits, Field>({.table = "apps.limits",
                                            .key = key,
                                            .min = range.min,
                                            .max = range.max,
                                            .unit = unit,
                                            .zero = range.min == 0 ? "no limit" : "",
                                            .text = text,
                                            .reloadable = true});
}

std::vector<Setting<App>> app_identity_settings() {
  return {
      setting<App, &App::id>(
          {.table = "apps",
           .key = "id",
           .min = 1,
           .max = 100,
           .text = "The app_id of the HTTP API: letters, digits, `-`, `_`, `.`. Required and unique.",
           .reloadable = true}),
      setting<App, &App::name>({.table = "apps", .key = "name", .max = 200, .text = "For people.", .reloadable = true}),
  };
}

std::vector<Setting<App>> app_time_settings() {
  return {
      setting<App, &App::allowed_origins>({.table = "apps",
                                           .key = "allowed_origins",
                                           .max = 1000,
                                           .text = "Origins whose pages may connect (4009): `https://example.com`, a "
                                                   "host, or `*.example.com` for its subdomains. Empty: any.",
                                           .reloadable = true}),
      setting<App, &App::slow_consumer>(
          {.table = "apps",
           .key = "slow_consumer",
           .choices = kSlowConsumerPolicies,
           .text = "What happens to a client whose queue is full: `close` it with 4100, or `drop_oldest` of the "
                   "published and client events that wait for it.",
           .reloadable = true}),
      setting<App, &App::terminate_close_code>({.table = "apps",
                                                .key = "terminate_close_code",
                                                .min = 4000,
                                                .max = 4399,
                                                .text =
                                                    "Close code for terminated users. Clients stay away after 4000 to "
                                                    "4099, and come back after 4100 to 4299.",
                                                .reloadable = true}),
      setting<App, &App::cache_ttl>({.table = "apps",
                                     .key = "cache_ttl_seconds",
                                     .min = 1,
                                     .max = 30 * kDaySeconds,
                                     .text = "How long a cache channel keeps its last event.",
                                     .reloadable = true}),
      setting<App, &App::idempotency_window>(
          {.table = "apps",
           .key = "idempotency_window_seconds",
           .max = kDaySeconds,
           .zero = "forgotten once it is answered",
           .text = "How long a publish with the same `Idempotency-Key` is answered as the first one was.",
           .reloadable = true}),
      setting<App, &App::kick_refuse_auth>({.table = "apps",
                                            .key = "kick_refuse_auth_seconds",
                                            .max = kDaySeconds,
                                            .zero = "they may come back at once",
                                            .text = "How long the auth that a kicked connection has used is refused.",
                                            .reloadable = true}),
      setting<App, &App::access_hold>({.table = "apps",
                                       .key = "access_hold_seconds",
                                       .max = 600,
                                       .zero = "refused unless signed in before",
                                       .text = "With `access_rules`: how long a subscription that needs a role waits "
                                               "for the client to sign in.",
                                       .reloadable = true}),
      setting<App, &App::offline_delay>({.table = "apps",
                                         .key = "offline_delay_ms",
                                         .max = 600'000,
                                         .text = "Watchlists: how long a user may be away before others are told.",
                                         .reloadable = true}),
  };
}

}  // namespace

std::vector<Setting<App>> app_switch_settings() {
  std::vector<Setting<App>> all = app_identity_settings();
  const std::vector<Setting<App>> switches = {
      app_switch<&AppSwitches::enabled>("enabled", "Off: clients are closed with 4003 and the HTTP API refuses."),
      app_switch<&AppSwitches::client_events>("client_events", "Clients may send `client-` events."),
      app_switch<&AppSwitches::subscription_count>("subscription_count",
                                                   "Send `pusher_internal:subscription_count` to subscribers."),
      app_switch<&AppSwitches::watchlist>("watchlist", "Tell signed-in users who of their watchlist is online."),
      app_switch<&AppSwitches::authorized_connections>(
          "authorized_connections",
          "Close clients (4009) that do not sign in or subscribe to a private or presence channel in time."),
      app_switch<&AppSwitches::subscription_error_events>(
          "subscription_error_events", "Also send `pusher:subscription_error`, for Laravel Echo's `.error()`."),
      app_switch<&AppSwitches::client_event_objects>(
          "client_event_objects", "Pass on client events whose data is an object as they are, not as a string."),
      app_switch<&AppSwitches::allow_missing_protocol>(
          "allow_missing_protocol", "Take clients that name no protocol version as version 7, instead of 4008."),
      app_switch<&AppSwitches::access_rules>(
          "access_rules",
          "Go by the rules of `[access]`: for public channels that have one, clients must sign in with a role that it "
          "names, and client events need the role that theirs names."),
      app_switch<&AppSwitches::tls_only>(
          "tls_only",
          "Refuse clients without TLS (4000): to the server itself, or to a trusted proxy that says so in "
          "X-Forwarded-Proto."),
      app_switch<&AppSwitches::compression>(
          "compression", "Compress for clients that want it, where `[compression]` has `websocket = true`."),
  };
  for (const Setting<App>& setting : switches) all.push_back(setting);
  for (Setting<App>& setting : app_time_settings()) all.push_back(setting);
  return all;
}

std::vector<Setting<App>> app_limit_settings() {
  return {
      app_limit<&AppLimits::connections>("connections", {}, "connections", "Client connections at a time (4004)."),
      app_limit<&AppLimits::connections_per_address>(
          "connections_per_address", {}, "connections",
          "Of them from one IP address (4100). Behind a proxy, set trusted_proxies, or all clients share one."),
      app_limit<&AppLimits::subscriptions_per_connection>("subscriptions_per_connection", {}, "subscriptions",
                                                          "Channels that one connection is subscribed to."),
      app_limit<&AppLimits::channel_name_chars>("channel_name_chars", {.min = 1, .max = 10'000}, "characters",
                                                "A channel's name, with its prefix."),
      app_limit<&AppLimits::event_name_chars>("event_name_chars", {.min = 1, .max = 10'000}, "characters",
                                              "An event's name."),
      app_limit<&AppLimits::event_data_bytes>("event_data_bytes", {.max = 64 * kMiB}, "bytes",
                                              "The data of one event (413)."),
      app_limit<&AppLimits::publish_channels>("publish_channels", {.min = 1, .max = 10'000}, "channels",
                                              "Channels of one publish."),
      app_limit<&AppLimits::publish_batch_events>("publish_batch_events", {.min = 1, .max = 10'000}, "events",
                                                  "Events of one batch."),
      app_limit<&AppLimits::publishes_per_second>("publishes_per_second", {}, "events each second",
                                                  "Events through the HTTP API (429)."),
      app_limit<&AppLimits::client_events_per_second>("client_events_per_second", {}, "events each second",
                                                      "Client events of one connection (4301)."),
      app_limit<&AppLimits::presence_members>("presence_members", {}, "users",
                                              "Different users in one presence channel."),
      app_limit<&AppLimits::presence_user_info_bytes>("presence_user_info_bytes", {.max = kMiB}, "bytes",
                                                      "The user_info of a presence member."),
      app_limit<&AppLimits::presence_user_id_chars>("presence_user_id_chars", {.max = 10'000}, "characters",
                                                    "The user_id of a presence member."),
      app_limit<&AppLimits::watchlist_users>("watchlist_users", {.max = 100'000}, "users",
                                             "The first so many of a watchlist count (4302)."),
      app_limit<&AppLimits::send_queue_bytes>("send_queue_bytes", {.min = 64 * kKiB, .max = 1024 * kMiB}, "bytes",
                                              "What may wait for one slow client; see `slow_consumer`."),
  };
}

}  // namespace fanfare::config
