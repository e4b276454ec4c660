#include "server/metrics_listener.h"

#include "admin/routes.h"
#include "server/listen_port.h"
#include "server/side_loop_options.h"

namespace fanfare::server {

namespace {
// Not one of the workers' loops: no channel lives here.
constexpr LoopIndex kMetricsLoop{0xFFFF};
}  // namespace

MetricsListener::MetricsListener(const config::Config& config, const admin::HealthSource& health,
                                 const metrics::Registry& registry)
    : net_options_(side_loop_options(config.net)),
      loop_(kMetricsLoop, net_options_),
      http_(loop_, config.httpd, router_, nullptr) {
  admin::add_routes(router_, health, &registry);
  OpenedPort opened = open_port(config.metrics.host, config.metrics.port, 1, config.net.listen_backlog);
  port_ = opened.address.port();
  listener_ = std::make_unique<net::Listener>(loop_, std::move(opened.sockets.front()), http_);
}

MetricsListener::~MetricsListener() {
  if (!thread_.joinable()) return;
  loop_.stop();
  thread_.join();
}

void MetricsListener::start() {
  thread_ = std::thread([this] { loop_.run(); });
}

}  // namespace fanfare::server
