// HttpServer: the HTTP connections of one loop.
//
// Thread: its loop; made and destroyed there, or while the loop does not run.
// Owns:   its connections, until they are handed over. Destroying it closes them at once.
// Bound:  HttpdOptions::connections_max_per_loop, and on top what set_more_connections() says. What comes above it is
// answered 503; far above it, closed at once.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "httpd/connection_table.h"
#include "httpd/http_connection.h"
#include "httpd/httpd_stats.h"
#include "httpd/moved_connection.h"
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
  void on_accepted(std::unique_ptr<net::Stream> stream, MutableBytes unread) override;

  // Null: every request goes to the router. `filter` outlives the server.
  void set_request_filter(const RequestFilter* filter) noexcept { service_.filter = filter; }

  // How many connections there may be besides, asked at each one that comes: those whose owners are counted and bounded
  // elsewhere, as a client is that comes back for each poll.
  void set_more_connections(std::function<std::size_t()> more) { more_connections_ = std::move(more); }

  // The servers of all loops by their index, this one among them, between which connections may move; they stay until
  // no loop runs any more. Before the loops run.
  void set_peers(std::vector<HttpServer*> peers) { service_.peers = std::move(peers); }
  // Hands a connection to `server`, which is of another loop. Thread: any.
  static void post_moved(HttpServer& server, MovedConnection moved);

  // Called for each connection that comes above the limit, behind its refusal: for a warning.
  void set_limit_callback(std::function<void()> at_limit) { at_limit_ = std::move(at_limit); }

  // Closes idle connections and every other one behind its next answer. Connections that still come get one answer.
  void drain();

  net::EventLoop& loop() noexcept { return service_.loop; }
  std::size_t open_connections() const noexcept { return table_.size(); }
  const HttpdStats& stats() const noexcept { return service_.stats; }  // counters: any thread

 private:
  // Null: there is no place, not even for a refusal.
  HttpConnection* admit(std::unique_ptr<net::Stream> stream);
  void take_over(MovedConnection moved);

  Service service_;
  ConnectionTable table_;
  std::function<void()> at_limit_;
  std::function<std::size_t()> more_connections_;
};

}  // namespace fanfare::httpd
