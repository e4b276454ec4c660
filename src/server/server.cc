#include "server/server.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/startup_error.h"
#include "net/fd_limit.h"
#include "server/channels_server.h"
#include "server/core_backend.h"
#include "server/listen_port.h"
#include "server/stats_collector.h"

namespace fanfare::server {

namespace {

const Logger kLog("server");

// Of the descriptors that are not for clients, not for HTTP connections either: the metrics listener must be able to
// answer, and files to open.
constexpr std::uint64_t kFilesReserved = 32;
// What a loop needs to let clients in at all: each begins as an HTTP connection.
constexpr std::uint64_t kHttpConnectionsMin = 32;
static_assert(net::LoopGroup::kLoopsMax <= core::ConnectionRef::kLoopsMax);

core::AppTableRef make_table(const std::vector<core::App>& apps, const core::AppTable& previous) {
  return std::make_shared<const core::AppTable>(apps, previous);
}

}  // namespace

Server::Server(config::Loaded loaded)
    : loaded_(std::move(loaded)), apps_(make_table(loaded_.config.apps, core::AppTable())), loops_(loaded_.config.net) {
  limit_connections();
  prepare_tls();
  const WorkerShared shared{.config = loaded_.config,
                            .loops = loop_set_,
                            .quota = quota_,
                            .sessions = sessions_,
                            .warnings = warnings_,
                            .http = http_options_,
                            .rules = rules_.get(),
                            .tls_stats = &tls_stats_,
                            .pending_max = pending_max_};
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    workers_.push_back(std::make_unique<Worker>(loops_.at(core::to_loop_index(i)), shared, apps_));
  }
  std::vector<httpd::HttpServer*> peers;
  for (const auto& worker : workers_) {
    loop_set_.add(worker->loop(), worker->core());
    peers.push_back(&worker->http());
    tls_stats_.push_back(&worker->tls_stats());
  }
  for (const auto& worker : workers_) worker->http().set_peers(peers);
  register_stats(registry_, workers_);
  if (certificates_ != nullptr) register_certificate_stats(registry_, *certificates_);
  open_ports();
  if (loaded_.config.gateway.enabled) open_gateway();
}

Server::~Server() { stop(); }

// The limit that the kernel gives, less what HTTP and the process itself need.
void Server::limit_connections() {
  const std::uint64_t descriptors = net::raise_fd_limit(net::kDescriptorsWanted);
  const std::uint64_t possible = net::connections_within(descriptors);
  const std::uint32_t configured = loaded_.config.session.connections_max;
  sessions_.connections_max =
      static_cast<std::uint32_t>(configured == 0 ? possible : std::min<std::uint64_t>(possible, configured));
  if (configured > possible) {
    kLog.warning(
        "fewer connections than configured are possible: raise the limit of open files (ulimit -n, LimitNOFILE)",
        {{"configured", configured}, {"possible", possible}, {"open_files", descriptors}});
  }
  // Idle sockets that never send a request must not take what the API and the metrics listener answer with.
  const std::uint64_t spare = descriptors - sessions_.connections_max;
  const std::uint64_t share = (spare > kFilesReserved ? spare - kFilesReserved : 0) / loops_.size();
  // Half of them for those that do not speak HTTP yet, where there are such.
  const bool has_pending = loaded_.config.tls.enabled() || loaded_.config.net.proxy_protocol;
  const std::uint64_t http = has_pending ? share / 2 : share;
  http_options_ = loaded_.config.httpd;
  http_options_.connections_max_per_loop =
      std::min<std::size_t>(http_options_.connections_max_per_loop, std::max(http, kHttpConnectionsMin));
  pending_max_ = http_options_.connections_max_per_loop;
  kLog.info("open files allow", {{"connections", sessions_.connections_max}, {"open_files", descriptors}});
}

// Everything of TLS that can fail, before a port is taken: the port of the redirect is known then, too.
void Server::prepare_tls() {
  const config::Config& config = loaded_.config;
  Result<net::TrustedProxies> trusted = net::TrustedProxies::parse(config.net.trusted_proxies);
  if (!trusted.ok()) throw StartupError("trusted_proxies: " + trusted.error().message);
  sessions_.trusted_proxies = *std::move(trusted);
  if (!config.tls.enabled()) return;
  certificates_ = std::make_unique<tls::TlsCertificates>(config.tls, config.server.data_dir + "/tls",
                                                         net::EventLoop::system_clock());
  tls_sockets_ = open_port(config.tls.host, config.tls.port, loops_.size(), config.net.listen_backlog);
  tls_port_ = tls_sockets_.address.port();
  RequestRules::Options rules{.api_needs_client_certificate = !config.tls.client_ca.empty()};
  if (config.tls.redirect_http) rules.redirect_port = tls_port_;
  rules_ = std::make_unique<RequestRules>(rules, sessions_.trusted_proxies);
}

void Server::open_tls_port() {
  if (certificates_ == nullptr) return;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    workers_[i]->listen_tls(std::move(tls_sockets_.sockets[i]), certificates_->context());
  }
  kLog.info("listening with TLS", {{"address", tls_sockets_.address.to_string()}});
}

void Server::open_unix_socket() {
  const net::NetOptions& net = loaded_.config.net;
  if (net.unix_socket.empty()) return;
  const auto mode = static_cast<mode_t>(std::stoul(net.unix_socket_mode, nullptr, 8));
  unix_socket_ = std::make_unique<UnixSocket>(net.unix_socket, mode, net.listen_backlog);
  std::vector<net::UniqueFd> sockets = unix_socket_->share(workers_.size());
  for (std::size_t i = 0; i < workers_.size(); ++i) workers_[i]->listen(std::move(sockets[i]));
  kLog.info("listening", {{"unix_socket", net.unix_socket}});
}

void Server::open_ports() {
  const config::Config& config = loaded_.config;
  OpenedPort opened = open_port(config.net.host, config.net.port, workers_.size(), config.net.listen_backlog);
  port_ = opened.address.port();
  for (std::size_t i = 0; i < workers_.size(); ++i) workers_[i]->listen(std::move(opened.sockets[i]));
  open_tls_port();
  open_unix_socket();
  if (config.metrics.enabled)
    metrics_ = std::make_unique<MetricsListener>(config, static_cast<const admin::HealthSource&>(*this), registry_);
  kLog.info("listening", {{"address", opened.address.to_string()}, {"loops", workers_.size()}});
  tell_io_engine();
}

void Server::tell_io_engine() const {
  const net::EventLoop& loop = loops_.at(core::to_loop_index(0));  // the others were made alike
  const bool by_io_uring = loop.stats().io_uring.value() != 0;
  if (loop.batch_refusal().empty()) return kLog.info("sending", {{"engine", by_io_uring ? "io_uring" : "epoll"}});
  constexpr std::string_view kMessage = "sending without io_uring, which the kernel refuses";
  const Logger::Fields fields = {{"engine", "epoll"}, {"error", loop.batch_refusal()}};
  if (loaded_.config.net.io_engine == net::IoEngine::kIoUring) return kLog.warning(kMessage, fields);
  kLog.info(kMessage, fields);
}

// Its questions go by the first worker: one loop keeps the order of what it publishes.
void Server::open_gateway() {
  const config::Credentials* app = gateway_app(loaded_);
  if (app == nullptr) {
    throw StartupError(loaded_.config.gateway.app.empty()
                           ? "[gateway] enabled: it needs an app with an enabled key"
                           : "[gateway] app: no app " + loaded_.config.gateway.app + " with an enabled key");
  }
  auto master_key = master_key_of(loaded_);
  if (!master_key.ok()) throw StartupError("[gateway] encryption_master_key_base64: " + master_key.error().message);
  gateway_ = std::make_unique<GatewayListener>(
      loaded_, sdk::Credentials{.key = app->key, .secret = app->secret},
      [&](Executor& loop) { return std::make_unique<CoreBackend>(*workers_.front(), app->app_id, *master_key, loop); });
  register_gateway_stats(registry_, gateway_->stats());
}

void Server::start() {
  loops_.start();
  if (certificates_ != nullptr) {
    certificates_->start([this](const std::shared_ptr<const tls::TlsContext>& context) { use(context); });
  }
  if (gateway_ != nullptr) gateway_->start();
  if (metrics_ != nullptr) metrics_->start();
  readiness_.store(admin::Readiness::kReady, std::memory_order_release);
}

// Thread: the one that watches the files.
void Server::use(const std::shared_ptr<const tls::TlsContext>& context) {
  for (const auto& worker : workers_) {
    worker->loop().post([target = worker.get(), context] { target->replace_certificates(context); });
  }
}

void Server::reload(const config::Inputs& inputs) {
  Result<config::Reload> reloaded = config::reload(inputs, loaded_);
  if (!reloaded.ok()) {
    return kLog.error("reload failed, nothing has changed", {{"faults", reloaded.error().message}});
  }
  for (const std::string& setting : reloaded->needs_restart) kLog.warning("needs a restart", {{"setting", setting}});
  for (const std::string& change : reloaded->changed) kLog.info("changed", {{"setting", change}});
  // Only these: the loops hold references to the other options.
  loaded_.config.apps = std::move(reloaded->next.config.apps);
  loaded_.config.log = reloaded->next.config.log;
  loaded_.config.access = std::move(reloaded->next.config.access);
  loaded_.config.access_table = std::move(reloaded->next.config.access_table);
  loaded_.credentials = std::move(reloaded->next.credentials);
  reload_certificates(reloaded->next.config.tls);
  set_log_level(loaded_.config.log.level);
  apps_ = make_table(loaded_.config.apps, *apps_);
  for (const auto& worker : workers_) {
    worker->loop().post([target = worker.get(), apps = apps_] { target->replace_apps(apps); });
  }
  if (gateway_ != nullptr) gateway_->replace_access(loaded_.config.access_table);
  kLog.info("reloaded", {{"apps", loaded_.config.apps.size()}});
}

// The files are read again even where no setting has changed.
void Server::reload_certificates(const tls::TlsOptions& next) {
  if (certificates_ == nullptr) {
    if (next.enabled()) kLog.warning("needs a restart", {{"setting", "tls: a certificate, where none was before"}});
    return;
  }
  // The loops read the other options of TLS.
  tls::TlsOptions& running = loaded_.config.tls;
  running.main = next.main;
  running.more = next.more;
  running.min_version = next.min_version;
  certificates_->reload(running);
}

void Server::begin_drain() {
  readiness_.store(admin::Readiness::kDraining, std::memory_order_release);
  sessions_.draining.store(true, std::memory_order_relaxed);
  kLog.info("draining", {{"connections", sessions_.connections.load()}, {"seconds", drain_time().count() / 1000}});
  for (const auto& worker : workers_) {
    worker->loop().post([target = worker.get(), time = drain_time()] { target->drain(time); });
  }
  if (gateway_ != nullptr) gateway_->drain();
}

// Sockets, not sessions: a close frame must have reached its client before the process ends.
bool Server::is_drained() const noexcept {
  return std::all_of(workers_.begin(), workers_.end(),
                     [](const auto& worker) { return worker->net_stats().open.value() == 0; });
}

void Server::stop() {
  metrics_.reset();                                     // it reads what the workers and the gateway count
  if (certificates_ != nullptr) certificates_->stop();  // it posts to the workers
  if (gateway_ != nullptr) gateway_->stop();
  loops_.stop([this](LoopIndex loop) { workers_[loop.value()].reset(); });
  workers_.clear();
}

std::vector<admin::LoopTurn> Server::loop_turns() const {
  const MonotonicTime now = SystemClock().monotonic();
  std::vector<admin::LoopTurn> turns;
  for (std::size_t i = 0; i < loops_.size(); ++i) {
    const auto age =
        std::chrono::duration_cast<std::chrono::milliseconds>(now - loops_.at(core::to_loop_index(i)).last_turn());
    turns.push_back({core::to_loop_index(i), std::max(age, std::chrono::milliseconds{0})});
  }
  return turns;
}

}  // namespace fanfare::server
