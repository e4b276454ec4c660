// `fanfare gateway`: the gateway alone, in front of a Channels server that it reaches over HTTP.
#include <chrono>
#include <cstdio>

#include "admin/health.h"
#include "base/log.h"
#include "base/startup_error.h"
#include "fanfare/client.h"
#include "gateway/sdk_backend.h"
#include "server/channels_server.h"
#include "server/gateway_listener.h"
#include "server/metrics_listener.h"
#include "server/ready_file.h"
#include "server/server.h"
#include "server/signals.h"
#include "server/stats_collector.h"

namespace fanfare::server {

namespace {

const Logger kLog("gateway");
// Requests that are under way when the stop comes have so long.
constexpr std::chrono::seconds kDrainTime{5};

class GatewayProcess final : private admin::HealthSource {
 public:
  GatewayProcess(config::Loaded loaded, const sdk::Options& channels)
      : loaded_(std::move(loaded)), listener_(loaded_, {channels.key, channels.secret}, backend_of(channels)) {
    register_gateway_stats(registry_, listener_.stats());
    if (!loaded_.config.metrics.enabled) return;
    metrics_config_ = loaded_.config;
    metrics_config_.metrics.port = loaded_.config.gateway.metrics_port;
    metrics_ =
        std::make_unique<MetricsListener>(metrics_config_, static_cast<const admin::HealthSource&>(*this), registry_);
  }

  void start() {
    listener_.start();
    if (metrics_ != nullptr) metrics_->start();
    readiness_ = admin::Readiness::kReady;
  }

  void reload(const config::Inputs& inputs) {
    const Result<config::Loaded> next = config::load(inputs);
    if (!next.ok()) return kLog.error("reload failed, nothing has changed", {{"faults", next.error().message}});
    set_log_level(next->config.log.level);
    listener_.replace_access(next->config.access_table);
    kLog.info("reloaded: access rules and log level; everything else needs a restart");
  }

  void drain(Signals& signals) {
    readiness_ = admin::Readiness::kDraining;
    listener_.drain();
    const MonotonicTime deadline = SystemClock().monotonic() + kDrainTime;
    while (!listener_.is_drained() && SystemClock().monotonic() < deadline) {
      if (signals.wait_for(std::chrono::milliseconds{20}) == SignalEvent::kStop) return;
    }
  }

  const config::Loaded& loaded() const noexcept { return loaded_; }
  std::uint16_t port() const noexcept { return listener_.port(); }
  std::uint16_t metrics_port() const noexcept { return metrics_ == nullptr ? std::uint16_t{0} : metrics_->port(); }

 private:
  GatewayListener::MakeBackend backend_of(const sdk::Options& channels) {
    return [this, channels](Executor& loop) -> std::unique_ptr<gateway::ChannelsBackend> {
      auto client = sdk::Client::create(channels);
      if (!client.ok()) throw StartupError("[gateway] " + client.error().message);
      kLog.info("in front of", {{"channels_server", client->base_url()}, {"app", channels.app_id}});
      return std::make_unique<gateway::SdkBackend>(*std::move(client), loop, loaded_.config.gateway.hosted_health_age);
    };
  }

  std::vector<admin::LoopTurn> loop_turns() const override {
    const auto age =
        std::chrono::duration_cast<std::chrono::milliseconds>(SystemClock().monotonic() - listener_.loop().last_turn());
    return {{LoopIndex(0), std::max(age, std::chrono::milliseconds{0})}};
  }
  admin::Readiness readiness() const override { return readiness_.load(std::memory_order_acquire); }

  config::Loaded loaded_;
  config::Config metrics_config_;
  GatewayListener listener_;
  metrics::Registry registry_;
  std::unique_ptr<MetricsListener> metrics_;
  std::atomic<admin::Readiness> readiness_{admin::Readiness::kStarting};
};

}  // namespace

int run_gateway_until_stopped(const config::Inputs& inputs) {
  Signals signals;
  Result<config::Loaded> loaded = config::load(inputs);
  if (!loaded.ok()) throw StartupError(loaded.error().message);
  start_logging(loaded->config.log);
  const Result<sdk::Options> channels = channels_server_options(*loaded);
  if (!channels.ok()) throw StartupError(channels.error().message);
  {
    GatewayProcess process(*std::move(loaded), *channels);
    process.start();
    std::printf("Fanfare gateway on http://%s:%u, metrics on port %u\n", process.loaded().config.gateway.host.c_str(),
                unsigned{process.port()}, unsigned{process.metrics_port()});
    std::fflush(stdout);
    write_ready_file(process.loaded().config.server.ready_file,
                     {.port = process.port(), .metrics_port = process.metrics_port()});
    while (signals.wait() == SignalEvent::kReload) process.reload(inputs);
    process.drain(signals);
  }
  kLog.info("stopped");
  stop_logging();
  return 0;
}

}  // namespace fanfare::server
