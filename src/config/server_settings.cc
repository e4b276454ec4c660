// [server], [metrics] and [log]: the process and its listeners.
#include "config/settings.h"

namespace fanfare::config {

namespace {

constexpr std::string_view kLogLevels[] = {"debug", "info", "warn", "error", "off"};
constexpr std::string_view kIoEngines[] = {"auto", "epoll", "io_uring"};
constexpr std::string_view kLogFormats[] = {"text", "json"};
constexpr std::int64_t kPortMax = 65'535;
constexpr std::int64_t kPathMax = 4096;
constexpr std::int64_t kHostMax = 255;

// The Unix socket, and what stands in front of any listener.
std::vector<Setting<Config>> proxy_settings() {
  using net::NetOptions;
  return {
      setting<Config, &Config::net, &NetOptions::unix_socket>(
          {.table = "server",
           .key = "unix_socket",
           .max = 107,
           .text =
               "Path of a Unix socket that serves the same as the port, for a proxy on this machine. Empty: none."}),
      setting<Config, &Config::net, &NetOptions::unix_socket_mode>({.table = "server",
                                                                    .key = "unix_socket_mode",
                                                                    .min = 3,
                                                                    .max = 4,
                                                                    .text = "Its file mode, octal: who may connect."}),
      setting<Config, &Config::net, &NetOptions::trusted_proxies>(
          {.table = "server",
           .key = "trusted_proxies",
           .max = 1000,
           .text = "Proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed: addresses, networks "
                   "(`10.0.0.0/8`), and `unix:` for the Unix socket. Limits by address then count real clients."}),
      setting<Config, &Config::net, &NetOptions::proxy_protocol>(
          {.table = "server",
           .key = "proxy_protocol",
           .text = "Trusted proxies begin every connection with a PROXY header, version 1 or 2. One that does not is "
                   "cut."}),
      setting<Config, &Config::net, &NetOptions::proxy_header_timeout>(
          {.table = "server",
           .key = "proxy_header_timeout_ms",
           .min = 10,
           .max = 3'600'000,
           .text = "From a proxy's connecting to the end of that header."}),
  };
}

}  // namespace

std::vector<Setting<Config>> process_settings() {
  using net::NetOptions;
  std::vector<Setting<Config>> all = {
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
      setting<Config, &Config::net, &NetOptions::io_engine>(
          {.table = "server",
           .key = "io_engine",
           .choices = kIoEngines,
           .text = "How an event gets into many sockets: `io_uring` sends to 256 of them by one system call, `epoll` "
                   "takes one for each. `auto`: io_uring where the kernel has it (Linux 5.18) and lets the process use "
                   "it. Where it is refused the server goes on by epoll; `io_uring` warns of that."}),
      setting<Config, &Config::net, &NetOptions::io_uring_sockets_min>(
          {.table = "server",
           .key = "io_uring_sockets_min",
           .min = 1,
           .max = 1'000'000,
           .unit = "connections",
           .text = "Where fewer connections have something to send at the end of a turn of a loop, each takes a system "
                   "call."}),
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
  for (Setting<Config>& setting : proxy_settings()) all.push_back(setting);
  return all;
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
      setting<Config, &Config::log, &LogOptions::queued_lines_max>(
          {.table = "log",
           .key = "queued_lines_max",
           .min = 16,
           .max = 1'000'000,
           .unit = "lines",
           .text = "Lines that may wait to be written, in memory from the start (408 bytes each); more are dropped and "
                   "counted."}),
  };
}

}  // namespace fanfare::config
