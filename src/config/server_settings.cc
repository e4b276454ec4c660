// [server], [metrics] and [log]: the process and its listeners.
#include "config/settings.h"

namespace fanfare::config {

namespace {

constexpr std::string_view kLogLevels[] = {"debug", "info", "warn", "error", "off"};
constexpr std::string_view kLogFormats[] = {"text", "json"};
constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kPathMax = 4096;
constexpr std::int64_t kHostMax = 255;

}  // namespace

std::vector<Setting<Config>> process_settings() {
  using net::NetOptions;
  return {
      setting<Config, &Config::net, &NetOptions::host>(
          {.table = "server",
           .key = "host",
           .min = 1,
           .max = kHostMax,
           .text = "Address to listen on, in digits, or `localhost`. `0.0.0.0` opens the server to every IPv4 network, "
                   "`::` to every network."}),
      setting<Config, &Config::net, &NetOptions::port>({.table = "server",
                                                        .key = "port",
                                                        .max = kPortMax,
                                                        .zero = "the kernel picks a free one",
                                                        .text = "TCP port of WebSocket clients and the HTTP API."}),
      setting<Config, &Config::net, &NetOptions::loops>({.table = "server",
                                                         .key = "loops",
                                                         .max = 64,
                                                         .zero = "one for each core that the process may use",
                                                         .text = "Event loops, each on a thread of its own."}),
      setting<Config, &Config::net, &NetOptions::pin_loops>(
          {.table = "server", .key = "pin_loops", .text = "Bind each loop to a core of its own."}),
      setting<Config, &Config::server, &ServerOptions::data_dir>(
          {.table = "server",
           .key = "data_dir",
           .min = 1,
           .max = kPathMax,
           .text = "Folder for what the server keeps: the app that the first start makes, and locks. Default: "
                   "`$XDG_DATA_HOME/fanfare`, else `~/.local/share/fanfare`; for root `/var/lib/fanfare`."}),
      setting<Config, &Config::server, &ServerOptions::ready_file>(
          {.table = "server",
           .key = "ready_file",
           .max = kPathMax,
           .text = "File to write once clients can connect, with the ports as a JSON object. Empty: none."}),
      setting<Config, &Config::server, &ServerOptions::drain_time>(
          {.table = "server",
           .key = "drain_seconds",
           .max = 3600,
           .text = "After SIGTERM: the time over which client connections are closed (4200)."}),
      setting<Config, &Config::net, &NetOptions::listen_backlog>(
          {.table = "server",
           .key = "listen_backlog",
           .min = 1,
           .max = 65'535,
           .unit = "connections",
           .text = "Connections that the kernel keeps while a loop is busy; it caps this at net.core.somaxconn."}),
  };
}

std::vector<Setting<Config>> operation_settings() {
  return {
      setting<Config, &Config::metrics, &MetricsOptions::enabled>(
          {.table = "metrics", .key = "enabled", .text = "Serve `/metrics`, `/live` and `/ready`."}),
      setting<Config, &Config::metrics, &MetricsOptions::host>(
          {.table = "metrics", .key = "host", .min = 1, .max = kHostMax, .text = "Address to serve them on."}),
      setting<Config, &Config::metrics, &MetricsOptions::port>({.table = "metrics",
                                                                .key = "port",
                                                                .max = kPortMax,
                                                                .zero = "the kernel picks a free one",
                                                                .text = "Their TCP port."}),
      setting<Config, &Config::log, &LogOptions::level>({.table = "log",
                                                         .key = "level",
                                                         .choices = kLogLevels,
                                                         .text = "The least important lines that are written.",
                                                         .reloadable = true}),
      setting<Config, &Config::log, &LogOptions::format>({.table = "log",
                                                          .key = "format",
                                                          .choices = kLogFormats,
                                                          .text = "`text` for people, `json` for collectors."}),
  };
}

}  // namespace fanfare::config
