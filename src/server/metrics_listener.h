// MetricsListener: /metrics, /live and /ready on a port and a thread of their own, so that they answer while a loop is
// stalled.
//
// Thread: made and destroyed by the main thread.
#pragma once

#include <cstdint>
#include <thread>

#include "admin/health.h"
#include "config/config.h"
#include "httpd/http_server.h"
#include "httpd/router.h"
#include "metrics/registry.h"
#include "net/event_loop.h"
#include "net/listener.h"

namespace fanfare::server {

class MetricsListener {
 public:
  // Takes the port; serves after start(). `health` and `registry` outlive this.
  // Fails: StartupError.
  MetricsListener(const config::Config& config, const admin::HealthSource& health, const metrics::Registry& registry);
  MetricsListener(const MetricsListener&) = delete;
  MetricsListener& operator=(const MetricsListener&) = delete;
  ~MetricsListener();

  void start();
  std::uint16_t port() const noexcept { return port_; }

 private:
  const net::NetOptions net_options_;
  net::EventLoop loop_;
  httpd::Router router_;
  httpd::HttpServer http_;
  std::unique_ptr<net::Listener> listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace fanfare::server
