// HttpServer: the HTTP connections of one loop.
//
// Thread: its loop; made and destroyed there, or while the loop does not run.
// Owns:   its connections, until they are handed over. Destroying it closes them at once.
// Bound:  HttpdOptions::connections_max_per_loop. What comes above it is answered 503; far above it, closed at once.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

#include "httpd/connection_table.h"
#include "httpd/http_connection.h"
#include "httpd/httpd_stats.h"
#include "httpd/options.h"
#include "httpd/router.h"
#include "httpd/service.h"
#include "httpd/upgrade_handler.h"
#include "net/event_loop.h"
#include "net/listener.h"

namespace fanfare::httpd {

class HttpServer final : public net::AcceptHandler {
 public:
  // All must outlive the server. `upgrades` may be null: then every request goes to the router.
  HttpServer(net::EventLoop& loop, const HttpdOptions& options, const Router& router, UpgradeHandler* upgrades);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // net::AcceptHandler: for the Listener of this loop.
  void on_accepted(std::unique_ptr<net::Stream> stream) override;

  // Called for each connection that comes above the limit, behind its refusal: for a warning.
  void set_limit_callback(std::function<void()> at_limit) { at_limit_ = std::move(at_limit); }

  // Closes idle connections and every other one behind its next answer. Connections that still come get one answer.
  void drain();

  std::size_t open_connections() const noexcept { return table_.size(); }
  const HttpdStats& stats() const noexcept { return service_.stats; }  // counters: any thread

 private:
  Service service_;
  ConnectionTable table_;
  std::function<void()> at_limit_;
};

}  // namespace fanfare::httpd
