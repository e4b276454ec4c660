// [server]: HTTP connections and the HTTP API.
#include "config/settings.h"

namespace fanfare::config {

namespace {

constexpr std::int64_t kKiB = 1024;
constexpr std::int64_t kMiB = 1024 * kKiB;
constexpr std::int64_t kGiB = 1024 * kMiB;
constexpr std::int64_t kTimeoutMaxMs = 3'600'000;

using httpd::HttpdOptions;

std::vector<Setting<Config>> request_settings() {
  using http::RequestLimits;
  return {
      setting<Config, &Config::httpd, &HttpdOptions::request, &RequestLimits::request_line_bytes_max>(
          {.table = "server",
           .key = "request_line_bytes_max",
           .min = kKiB,
           .max = kMiB,
           .unit = "bytes",
           .text = "Method, path and query of a request (414)."}),
      setting<Config, &Config::httpd, &HttpdOptions::request, &RequestLimits::head_bytes_max>(
          {.table = "server",
           .key = "header_bytes_max",
           .min = kKiB,
           .max = kMiB,
           .unit = "bytes",
           .text = "Request line and all headers of a request (431)."}),
      setting<Config, &Config::httpd, &HttpdOptions::request, &RequestLimits::headers_max>(
          {.table = "server",
           .key = "headers_max",
           .min = 16,
           .max = 10'000,
           .unit = "headers",
           .text = "Headers of a request (431)."}),
      setting<Config, &Config::httpd, &HttpdOptions::request, &RequestLimits::body_bytes_max>(
          {.table = "server",
           .key = "body_bytes_max",
           .min = kKiB,
           .max = kGiB,
           .unit = "bytes",
           .text = "Body of a request (413)."}),
  };
}

std::vector<Setting<Config>> http_connection_settings() {
  using net::SendQueueLimits;
  return {
      setting<Config, &Config::httpd, &HttpdOptions::header_timeout>(
          {.table = "server",
           .key = "header_timeout_ms",
           .min = 10,
           .max = kTimeoutMaxMs,
           .text = "From a request's first byte, or the connection's begin, to the end of its headers (408)."}),
      setting<Config, &Config::httpd, &HttpdOptions::body_timeout>(
          {.table = "server",
           .key = "body_timeout_ms",
           .min = 10,
           .max = kTimeoutMaxMs,
           .text = "From there to the end of its body (408)."}),
      setting<Config, &Config::httpd, &HttpdOptions::idle_timeout>(
          {.table = "server",
           .key = "idle_timeout_ms",
           .min = 10,
           .max = kTimeoutMaxMs,
           .text = "Between two requests; then the connection is closed."}),
      setting<Config, &Config::httpd, &HttpdOptions::connections_max_per_loop>(
          {.table = "server",
           .key = "http_connections_max_per_loop",
           .min = 1,
           .max = 10'000'000,
           .unit = "connections",
           .text =
               "HTTP connections of one loop (503). Those that became WebSockets do not count; each fallback session "
               "brings one more."}),
      setting<Config, &Config::httpd, &HttpdOptions::parsers_kept_max>(
          {.table = "server",
           .key = "http_parsers_kept_max",
           .max = 1'000'000,
           .unit = "parsers",
           .text = "Request parsers that one loop keeps for its next requests."}),
      setting<Config, &Config::httpd, &HttpdOptions::send_queue, &SendQueueLimits::bytes_max>(
          {.table = "server",
           .key = "http_send_queue_bytes_max",
           .min = kMiB,
           .max = 4 * kGiB - 1,
           .unit = "bytes",
           .text = "What may wait for one HTTP connection; the longest answer must fit."}),
      setting<Config, &Config::httpd, &HttpdOptions::send_queue, &SendQueueLimits::entries_max>(
          {.table = "server",
           .key = "http_send_queue_entries_max",
           .min = 16,
           .max = 1'000'000,
           .unit = "entries",
           .text = "Separate pieces that may wait for one HTTP connection."}),
      setting<Config, &Config::httpd, &HttpdOptions::send_queue, &SendQueueLimits::high_mark>(
          {.table = "server",
           .key = "http_send_queue_high_mark_bytes",
           .min = kKiB,
           .max = 4 * kGiB - 1,
           .unit = "bytes",
           .text = "Above it no further request of that connection is read."}),
      setting<Config, &Config::httpd, &HttpdOptions::send_queue, &SendQueueLimits::low_mark>(
          {.table = "server",
           .key = "http_send_queue_low_mark_bytes",
           .max = 4 * kGiB - 1,
           .unit = "bytes",
           .text = "Below it they are read again."}),
  };
}

std::vector<Setting<Config>> api_settings() {
  using api::ApiOptions;
  return {
      setting<Config, &Config::api, &ApiOptions::cors>(
          {.table = "server",
           .key = "api_cors",
           .text = "Let browsers call the HTTP API (Access-Control-Allow-Origin). Off: it is for servers, which hold "
                   "the secret."}),
      setting<Config, &Config::api, &ApiOptions::timestamp_tolerance>(
          {.table = "server",
           .key = "api_timestamp_tolerance_seconds",
           .min = 1,
           .max = 86'400,
           .text = "How far auth_timestamp may be from the server's clock (401)."}),
      setting<Config, &Config::api, &ApiOptions::idempotency_key_bytes_max>(
          {.table = "server",
           .key = "idempotency_key_bytes_max",
           .min = 1,
           .max = 4096,
           .unit = "bytes",
           .text = "One `Idempotency-Key` header (400)."}),
  };
}

}  // namespace

std::vector<Setting<Config>> http_settings() {
  std::vector<Setting<Config>> all = request_settings();
  for (Setting<Config>& setting : http_connection_settings()) all.push_back(setting);
  for (Setting<Config>& setting : api_settings()) all.push_back(setting);
  return all;
}

}  // namespace fanfare::config
