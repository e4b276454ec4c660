// GatewayListener: the gateway on a port, a loop and a thread of its own.
//
// Thread: made, started, stopped and destroyed by the main thread. Before it is destroyed, whatever may still post to
//         loop() or holds questions of its backend is gone.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <thread>

#include "base/executor.h"
#include "config/load.h"
#include "gateway/gateway.h"
#include "httpd/http_server.h"
#include "httpd/router.h"
#include "net/event_loop.h"
#include "net/listener.h"

namespace fanfare::server {

class GatewayListener {
 public:
  // Makes the backend; answers are posted to the loop that it is given.
  using MakeBackend = std::function<std::unique_ptr<gateway::ChannelsBackend>(Executor& loop)>;

  // Takes the port; serves after start(). `loaded` outlives this; what it says at construction holds.
  // Fails: StartupError.
  GatewayListener(const config::Loaded& loaded, const sdk::Credentials& credentials, const MakeBackend& make_backend);
  GatewayListener(const GatewayListener&) = delete;
  GatewayListener& operator=(const GatewayListener&) = delete;
  ~GatewayListener();

  void start();
  // No new connections; open ones end behind their next answer.
  void drain();
  bool is_drained() const noexcept { return loop_.stats().open.value() == 0; }
  // Joins the thread. Repeating it does nothing.
  void stop();

  // Other rules are in force from now on.
  void replace_access(std::shared_ptr<const access::AccessTable> access);
  const gateway::GatewayStats& stats() const noexcept { return gateway_->stats(); }  // counters: any thread

  std::uint16_t port() const noexcept { return port_; }
  const net::EventLoop& loop() const noexcept { return loop_; }

 private:
  httpd::HttpdOptions http_options_;
  const net::NetOptions net_options_;
  net::EventLoop loop_;
  std::unique_ptr<gateway::Gateway> gateway_;
  httpd::Router router_;
  std::unique_ptr<httpd::HttpServer> http_;
  std::unique_ptr<net::Listener> listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace fanfare::server
