// [server]: the HTTP fallbacks.
#include "config/settings.h"

namespace fanfare::config {

std::vector<Setting<Config>> fallback_settings() {
  using session::FallbackOptions;
  using session::SessionOptions;
  constexpr std::int64_t kKiB = 1024;
  constexpr std::int64_t kGiB = kKiB * kKiB * kKiB;
  return {
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::enabled>(
          {.table = "server",
           .key = "fallback_enabled",
           .text = "Serve clients whose network breaks WebSockets over HTTP: streaming, polling, SockJS."}),
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::paths>(
          {.table = "server",
           .key = "fallback_paths",
           .max = 16,
           .text = "Where: pusher-js's `httpPath`. Each begins with `/` and does not end with one."}),
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::disconnect>(
          {.table = "server",
           .key = "fallback_disconnect_seconds",
           .min = 1,
           .max = 3600,
           .text = "How long such a client stays connected without a request that it could be answered by."}),
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::heartbeat>(
          {.table = "server",
           .key = "fallback_heartbeat_seconds",
           .min = 1,
           .max = 3600,
           .text = "Silence after which such a client is sent a heartbeat. pusher-js gives up after 30 seconds without "
                   "an answer, and proxies close what is silent."}),
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::stream_bytes_max>(
          {.table = "server",
           .key = "fallback_stream_bytes_max",
           .min = 4 * kKiB,
           .max = kGiB,
           .unit = "bytes",
           .text = "After so much a stream to a SockJS client ends, and the client asks for the next one. pusher-js "
                   "itself asks after 256 KiB, and the server waits for that."}),
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::held_bytes_max>(
          {.table = "server",
           .key = "fallback_held_bytes_max",
           .min = kKiB,
           .max = kGiB,
           .unit = "bytes",
           .text = "What such a client may send while it does not read what waits for it (4100)."}),
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::waiting_max>(
          {.table = "server",
           .key = "fallback_waiting_max",
           .min = 1,
           .max = 10'000'000,
           .unit = "sessions",
           .text = "Sessions of one loop that are not let in: before a SockJS client has said which app it wants, and "
                   "refused ones until they know (503)."}),
      setting<Config, &Config::session, &SessionOptions::fallback, &FallbackOptions::sockjs_scripts>(
          {.table = "server",
           .key = "sockjs_scripts",
           .max = 100,
           .text = "Scripts that the frame page of SockJS may load into this server's origin: URLs, or folders that "
                   "end with `/`. Empty: none, so that SockJS clients which need the frame do not connect."}),
  };
}

}  // namespace fanfare::config
