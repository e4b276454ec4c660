// [compression]: permessage-deflate for WebSockets, gzip for HTTP answers.
#include "config/settings.h"

namespace fanfare::config {

namespace {

using session::CompressionOptions;
using session::SessionOptions;

template <auto Field>
Setting<Config> compression(SettingInfo info) {
  info.table = "compression";
  return setting<Config, &Config::session, &SessionOptions::compression, Field>(info);
}

std::vector<Setting<Config>> window_settings() {
  return {
      compression<&CompressionOptions::server_context_takeover>(
          {.key = "server_context_takeover",
           .text = "Let what is sent to a client refer to what it was sent before: smaller, but each connection then "
                   "deflates for itself and keeps a window."}),
      compression<&CompressionOptions::client_context_takeover>(
          {.key = "client_context_takeover",
           .text = "Let clients refer to what they sent before; each connection then keeps a window."}),
      compression<&CompressionOptions::server_window_bits>(
          {.key = "server_window_bits",
           .min = 9,
           .max = 15,
           .unit = "bits",
           .text = "The window for what is sent: 2 to this power of bytes, less where a client wants less."}),
      compression<&CompressionOptions::client_window_bits>(
          {.key = "client_window_bits",
           .min = 8,
           .max = 15,
           .unit = "bits",
           .text = "The window that is kept for a client with `client_context_takeover`. Clients that cannot be told "
                   "keep none."}),
  };
}

}  // namespace

std::vector<Setting<Config>> compression_settings() {
  std::vector<Setting<Config>> all = {
      compression<&CompressionOptions::enabled>(
          {.key = "websocket",
           .text =
               "Speak permessage-deflate (RFC 7692) with WebSocket clients that offer it, as browsers do. Apps have "
               "a switch of their own."}),
      compression<&CompressionOptions::level>(
          {.key = "deflate_level", .min = 1, .max = 9, .text = "From 1, fast, to 9, small."}),
      compression<&CompressionOptions::message_bytes_min>({.key = "message_bytes_min",
                                                           .max = std::int64_t{1024} * 1024,
                                                           .unit = "bytes",
                                                           .text = "Shorter messages are sent as they are."}),
  };
  for (Setting<Config>& setting : window_settings()) all.push_back(setting);
  std::vector<Setting<Config>> more = {
      compression<&CompressionOptions::cpu_percent_max>(
          {.key = "cpu_percent_max",
           .min = 1,
           .max = 100,
           .unit = "percent",
           .text = "How much of its time a loop may deflate. Above it messages are sent as they are; 100: no bound."}),
      compression<&CompressionOptions::busy_percent_max>(
          {.key = "busy_percent_max",
           .min = 1,
           .max = 100,
           .unit = "percent",
           .text = "A loop that was at work for more than this part of the last 100 ms deflates nothing; 100: no "
                   "bound."}),
      setting<Config, &Config::httpd, &httpd::HttpdOptions::gzip_bytes_min>(
          {.table = "compression",
           .key = "http_bytes_min",
           .max = std::int64_t{1024} * 1024,
           .unit = "bytes",
           .zero = "no answer is",
           .text =
               "Answers of the HTTP API and the metrics page from this size up to 1 MiB are sent as gzip to clients "
               "that take it."}),
  };
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace fanfare::config
