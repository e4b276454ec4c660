// Server: the process from start to stop: ports, loops, workers, the metrics listener, reload and drain.
//
// Thread: the main thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "admin/health.h"
#include "base/executor.h"
#include "config/load.h"
#include "config/reload.h"
#include "core/app_table.h"
#include "core/connection_quota.h"
#include "core/loop_link.h"
#include "httpd/options.h"
#include "metrics/registry.h"
#include "net/loop_group.h"
#include "server/gateway_listener.h"
#include "server/listen_port.h"
#include "server/metrics_listener.h"
#include "server/request_rules.h"
#include "server/unix_socket.h"
#include "server/worker.h"
#include "tls/tls_certificates.h"

namespace fanfare::server {

class Server final : private admin::HealthSource {
 public:
  // Takes the ports and builds everything; nothing is served before start().
  // Fails: StartupError with what to do about it.
  explicit Server(config::Loaded loaded);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  ~Server() override;

  void start();
  // Loads the configuration again; a bad one changes nothing. Logs what changed and what needs a restart.
  void reload(const config::Inputs& inputs);
  // Not ready from now on, no new connections, the open ones closed with 4200 within the drain time.
  void begin_drain();
  // Whether every connection is gone.
  bool is_drained() const noexcept;
  // Joins the loops. Connections that are still open are cut.
  void stop();

  std::uint16_t port() const noexcept { return port_; }
  std::uint16_t metrics_port() const noexcept { return metrics_ == nullptr ? std::uint16_t{0} : metrics_->port(); }
  // Empty: there is no TLS listener.
  std::optional<std::uint16_t> tls_port() const noexcept {
    return certificates_ == nullptr ? std::nullopt : std::optional(tls_port_);
  }
  // Null: there is no development certificate.
  const tls::DevCertificate* dev_certificate() const noexcept {
    return certificates_ != nullptr && certificates_->dev() ? &*certificates_->dev() : nullptr;
  }
  // Empty: there is no gateway in this server.
  std::optional<std::uint16_t> gateway_port() const noexcept {
    return gateway_ == nullptr ? std::nullopt : std::optional(gateway_->port());
  }
  std::uint32_t connections_max() const noexcept { return sessions_.connections_max; }
  const config::Loaded& loaded() const noexcept { return loaded_; }
  // A worker's loop, to run something on it.
  Executor& loop(LoopIndex index) noexcept { return loops_.at(index); }
  std::chrono::milliseconds drain_time() const noexcept { return loaded_.config.server.drain_time; }

 private:
  std::vector<admin::LoopTurn> loop_turns() const override;
  admin::Readiness readiness() const override { return readiness_.load(std::memory_order_acquire); }

  void limit_connections();
  void prepare_tls();
  void open_ports();
  void tell_io_engine() const;
  void open_tls_port();
  void open_unix_socket();
  void use(const std::shared_ptr<const tls::TlsContext>& context);
  void reload_certificates(const tls::TlsOptions& next);
  void open_gateway();

  config::Loaded loaded_;  // as it runs; the loops refer to its options, so only apps and log level ever change
  core::AppTableRef apps_;
  core::ConnectionQuota quota_;
  OnceAMinute warnings_;
  httpd::HttpdOptions http_options_;
  std::size_t pending_max_ = 0;
  session::SharedSessionState sessions_;
  std::unique_ptr<RequestRules> rules_;  // null: there are none
  core::LoopSet loop_set_;
  tls::TlsStatsOfLoops tls_stats_;
  // Before the loops: tasks that end with them answer its requests.
  std::unique_ptr<GatewayListener> gateway_;
  net::LoopGroup loops_;
  std::vector<std::unique_ptr<Worker>> workers_;
  metrics::Registry registry_;
  std::unique_ptr<MetricsListener> metrics_;
  std::unique_ptr<tls::TlsCertificates> certificates_;  // null: there is no TLS listener
  OpenedPort tls_sockets_;                              // until the workers have them
  std::unique_ptr<UnixSocket> unix_socket_;
  std::uint16_t port_ = 0;
  std::uint16_t tls_port_ = 0;
  std::atomic<admin::Readiness> readiness_{admin::Readiness::kStarting};
};

// Serves until SIGTERM or SIGINT, reloading on SIGHUP; prints the banner. Returns the exit status.
int run_until_stopped(const config::Inputs& inputs);
// The same for the gateway alone.
int run_gateway_until_stopped(const config::Inputs& inputs);

}  // namespace fanfare::server
