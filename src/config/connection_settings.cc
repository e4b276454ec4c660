// [server]: client connections, the loops that carry them and the channels they meet in.
#include "config/settings.h"

namespace fanfare::config {

namespace {

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;
constexpr std::int64_t kGiB = 1024 * kMiB;
constexpr std::int64_t kDaySeconds = 86'400;

std::vector<Setting<Config>> session_settings() {
  using session::SessionOptions;
  return {
      setting<Config, &Config::session, &SessionOptions::connections_max>(
          {.table = "server",
           .key = "connections_max",
           .max = 10'000'000,
           .unit = "connections",
           .zero = "as many as the limit of open files allows",
           .text = "Client connections of the whole process. Above it clients are closed with 4100; the HTTP API goes "
                   "on answering."}),
      setting<Config, &Config::session, &SessionOptions::activity_timeout>(
          {.table = "server",
           .key = "activity_timeout_seconds",
           .min = 1,
           .max = kDaySeconds,
           .text = "Told to clients when they connect; after so long without a frame they are pinged."}),
      setting<Config, &Config::session, &SessionOptions::pong_timeout>(
          {.table = "server",
           .key = "pong_timeout_seconds",
           .min = 1,
           .max = kDaySeconds,
           .text = "How long after that ping a silent connection is closed (4201)."}),
      setting<Config, &Config::session, &SessionOptions::inactivity_timeout>(
          {.table = "server",
           .key = "inactivity_timeout_seconds",
           .min = 1,
           .max = 30 * kDaySeconds,
           .text = "How long clients of protocol 4, which cannot answer a ping, may be silent (4202)."}),
      setting<Config, &Config::session, &SessionOptions::authorization_timeout>(
          {.table = "server",
           .key = "authorized_connection_timeout_seconds",
           .min = 1,
           .max = kDaySeconds,
           .text = "For apps with `authorized_connections`: the time to sign in or to subscribe to a private or "
                   "presence channel (4009)."}),
      setting<Config, &Config::session, &SessionOptions::message_bytes_max>(
          {.table = "server",
           .key = "message_bytes_max",
           .min = kKiB,
           .max = 64 * kMiB,
           .unit = "bytes",
           .text = "One WebSocket message of a client (1009)."}),
      setting<Config, &Config::session, &SessionOptions::message_fragments_max>(
          {.table = "server",
           .key = "message_fragments_max",
           .min = 1,
           .max = 1'000'000,
           .unit = "frames",
           .text = "Fragments of one WebSocket message of a client (1008)."}),
      setting<Config, &Config::session, &SessionOptions::echo_path>(
          {.table = "server",
           .key = "echo_path",
           .max = 255,
           .text = "For the Autobahn test suite only: a path that sends WebSocket messages back. Empty: none."}),
  };
}

std::vector<Setting<Config>> queue_settings() {
  using net::NetOptions;
  using net::SendQueueLimits;
  return {
      setting<Config, &Config::net, &NetOptions::send_queue, &SendQueueLimits::bytes_max>(
          {.table = "server",
           .key = "send_queue_bytes_max",
           .min = 64 * kKiB,
           .max = kGiB,
           .unit = "bytes",
           .text =
               "What may wait for a client whose app is not known yet; then `apps.limits.send_queue_bytes` counts."}),
      setting<Config, &Config::net, &NetOptions::send_queue, &SendQueueLimits::entries_max>(
          {.table = "server",
           .key = "send_queue_entries_max",
           .min = 16,
           .max = 1'000'000,
           .unit = "entries",
           .text = "Separate pieces that may wait for one connection; adjacent frames count as one."}),
      setting<Config, &Config::net, &NetOptions::send_queue, &SendQueueLimits::high_mark>(
          {.table = "server",
           .key = "send_queue_high_mark_bytes",
           .min = kKiB,
           .max = kGiB,
           .unit = "bytes",
           .text = "Above it the server stops reading from that client."}),
      setting<Config, &Config::net, &NetOptions::send_queue, &SendQueueLimits::low_mark>(
          {.table = "server",
           .key = "send_queue_low_mark_bytes",
           .min = 0,
           .max = kGiB,
           .unit = "bytes",
           .text = "Below it the server reads from that client again."}),
      setting<Config, &Config::net, &NetOptions::flush_delay>(
          {.table = "server",
           .key = "flush_delay_ms",
           .min = 0,
           .max = 1000,
           .text = "A loop that is busy more than half of its time lets events for a client wait this long for more, "
                   "so that "
                   "they share a write. 0: never."}),
      setting<Config, &Config::net, &NetOptions::linger_timeout>(
          {.table = "server",
           .key = "linger_timeout_ms",
           .min = 1,
           .max = 600'000,
           .text = "Once the server has closed a connection: the time that the other side has to take the rest."}),
  };
}

// What one turn of a loop takes of each.
std::vector<Setting<Config>> turn_settings() {
  using net::NetOptions;
  return {
      setting<Config, &Config::net, &NetOptions::receive_bytes_per_turn>(
          {.table = "server",
           .key = "receive_bytes_per_turn",
           .min = 4 * kKiB,
           .max = 64 * kMiB,
           .unit = "bytes",
           .text = "What one connection may send before the others of its loop have their turn."}),
      setting<Config, &Config::net, &NetOptions::accepts_per_turn>(
          {.table = "server",
           .key = "accepts_per_turn",
           .min = 1,
           .max = 65'535,
           .unit = "connections",
           .text = "New connections that a loop takes before the others have their turn."}),
      setting<Config, &Config::net, &NetOptions::mailbox_places>(
          {.table = "server",
           .key = "mailbox_places",
           .min = 64,
           .max = 10'000'000,
           .unit = "messages",
           .text = "Publishes and deliveries that may wait for one loop. Beyond it publishers are answered 503."}),
      setting<Config, &Config::net, &NetOptions::mailbox_tasks_per_turn>(
          {.table = "server",
           .key = "mailbox_tasks_per_turn",
           .min = 1,
           .max = 1'000'000,
           .unit = "messages",
           .text = "Messages of other loops that a loop takes before its sockets have their turn."}),
  };
}

}  // namespace

std::vector<Setting<Config>> connection_settings() {
  std::vector<Setting<Config>> all = session_settings();
  for (Setting<Config>& setting : queue_settings()) all.push_back(setting);
  for (Setting<Config>& setting : turn_settings()) all.push_back(setting);
  return all;
}

std::vector<Setting<Config>> channel_settings() {
  using core::CoreOptions;
  return {
      setting<Config, &Config::core, &CoreOptions::fan_out_slice_writes>(
          {.table = "server",
           .key = "fan_out_slice_writes",
           .min = 1,
           .max = 10'000'000,
           .unit = "connections",
           .text = "Connections that a loop writes an event to before its other work has its turn."}),
      setting<Config, &Config::core, &CoreOptions::subscription_count_immediate_max>(
          {.table = "server",
           .key = "subscription_count_immediate_max",
           .max = 10'000'000,
           .unit = "subscriptions",
           .text = "Up to so many subscriptions of a channel each change of their count is sent at once."}),
      setting<Config, &Config::core, &CoreOptions::subscription_count_interval>(
          {.table = "server",
           .key = "subscription_count_interval_ms",
           .min = 1,
           .max = 3'600'000,
           .text = "Above that, the count is sent once in this time."}),
      setting<Config, &Config::core, &CoreOptions::cached_events_max>(
          {.table = "server",
           .key = "cached_events_max",
           .max = 100'000'000,
           .unit = "events",
           .text = "Events of cache channels that one loop keeps; the oldest goes first."}),
      setting<Config, &Config::core, &CoreOptions::cached_bytes_max>({.table = "server",
                                                                      .key = "cached_bytes_max",
                                                                      .max = 1024 * kGiB,
                                                                      .unit = "bytes",
                                                                      .text = "And their bytes."}),
      setting<Config, &Config::core, &CoreOptions::idempotency_keys_max>(
          {.table = "server",
           .key = "idempotency_keys_max",
           .max = 100'000'000,
           .unit = "keys",
           .text = "`Idempotency-Key` headers that one loop remembers; the oldest goes first."}),
      setting<Config, &Config::core, &CoreOptions::idempotency_bytes_max>(
          {.table = "server",
           .key = "idempotency_bytes_max",
           .max = 1024 * kGiB,
           .unit = "bytes",
           .text = "And the bytes of the answers that are kept with them."}),
      setting<Config, &Config::core, &CoreOptions::idempotency_waiters_max>(
          {.table = "server",
           .key = "idempotency_waiters_max",
           .max = 1'000'000,
           .unit = "requests",
           .text = "Repeated requests that may wait for the first one of their key."}),
  };
}

}  // namespace fanfare::config
