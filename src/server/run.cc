#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "base/log.h"
#include "base/startup_error.h"
#include "server/banner.h"
#include "server/ready_file.h"
#include "server/server.h"
#include "server/signals.h"

namespace fanfare::server {

namespace {

const Logger kLog("server");

// How one reaches a server that listens on every address.
std::string reachable_host(const std::string& host) {
  return host == "0.0.0.0" || host == "::" || host == "*" ? "127.0.0.1" : host;
}

void print_banner(const Server& server) {
  const config::Config& config = server.loaded().config;
  BannerFacts facts;
  facts.host = reachable_host(config.net.host);
  facts.port = server.port();
  if (config.metrics.enabled)
    facts.metrics_address = fmt::format("{}:{}", reachable_host(config.metrics.host), server.metrics_port());
  if (const auto port = server.gateway_port())
    facts.gateway_address = fmt::format("{}:{}", reachable_host(config.gateway.host), *port);
  facts.connections_max = server.connections_max();
  if (server.tls_port()) facts.tls_address = fmt::format("{}:{}", reachable_host(config.tls.host), *server.tls_port());
  facts.now_unix_s = std::chrono::duration_cast<std::chrono::seconds>(SystemClock().wall().time_since_epoch()).count();
  std::string text = banner(server.loaded(), facts);
  if (server.dev_certificate() != nullptr) text.insert(0, "\n" + tls::trust_help(*server.dev_certificate()));
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

// Until the last client is gone, time is up, or a second signal says that nobody wants to wait.
void drain(Server& server, Signals& signals) {
  server.begin_drain();
  const MonotonicTime deadline = SystemClock().monotonic() + server.drain_time() + std::chrono::seconds{1};
  while (!server.is_drained() && SystemClock().monotonic() < deadline) {
    if (signals.wait_for(std::chrono::milliseconds{20}) == SignalEvent::kStop) {
      kLog.warning("stopping without waiting for clients");
      break;
    }
  }
}

}  // namespace

int run_until_stopped(const config::Inputs& inputs) {
  Signals signals;
  Result<config::Loaded> loaded = config::load(inputs);
  if (!loaded.ok()) throw StartupError(loaded.error().message);
  start_logging(loaded->config.log);
  Server server(*std::move(loaded));
  server.start();
  print_banner(server);
  write_ready_file(server.loaded().config.server.ready_file, {.port = server.port(),
                                                              .metrics_port = server.metrics_port(),
                                                              .gateway_port = server.gateway_port(),
                                                              .tls_port = server.tls_port()});
  while (signals.wait() == SignalEvent::kReload) server.reload(inputs);
  drain(server, signals);
  server.stop();
  kLog.info("stopped");
  stop_logging();
  return 0;
}

}  // namespace fanfare::server
