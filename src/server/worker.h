// Worker: everything that lives on one event loop, built in the order that things depend on each other.
//
// Thread: made by the main thread before the loop runs; from then on its loop's own, its end behind the last turn too.
#pragma once

#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "api/api_context.h"
#include "base/once_a_minute.h"
#include "base/random.h"
#include "config/config.h"
#include "core/app_table.h"
#include "core/connection_quota.h"
#include "core/loop_core.h"
#include "httpd/http_server.h"
#include "httpd/request_filter.h"
#include "httpd/router.h"
#include "net/listener.h"
#include "net/proxy_acceptor.h"
#include "session/compression.h"
#include "session/connection_list.h"
#include "session/fallback_context.h"
#include "session/fallback_endpoint.h"
#include "session/send_limits_table.h"
#include "session/session_context.h"
#include "session/ws_acceptor.h"
#include "tls/tls_acceptor.h"

namespace fanfare::server {

// What the workers share. All of it outlives them.
struct WorkerShared {
  const config::Config& config;
  const core::LoopSet& loops;
  core::ConnectionQuota& quota;
  session::SharedSessionState& sessions;
  core::ChannelObserver* observer = nullptr;        // nullptr: nobody follows
  OnceAMinute& warnings;                            // of refusals
  const httpd::HttpdOptions& http;                  // the configuration's, within what the open files allow
  const httpd::RequestFilter* rules = nullptr;      // nullptr: every request goes to its route
  const tls::TlsStatsOfLoops* tls_stats = nullptr;  // filled before the loops run
  std::size_t pending_max = 1024;  // connections of a loop whose TLS handshake or PROXY header is not through
};

class Worker final : private net::TurnHook {
 public:
  Worker(net::EventLoop& loop, const WorkerShared& shared, core::AppTableRef apps);
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker();

  net::EventLoop& loop() noexcept { return loop_; }
  core::LoopCore& core() noexcept { return core_; }
  httpd::HttpServer& http() noexcept { return http_; }
  // The apps in force. On its loop.
  const core::AppTable& apps() const { return apps_.table(); }

  // Serves a TCP or Unix socket without TLS.
  void listen(net::UniqueFd listening);
  // Once at most.
  void listen_tls(net::UniqueFd listening, std::shared_ptr<const tls::TlsContext> context);
  // For connections that begin from now on. REQUIRES: listen_tls().
  void replace_certificates(std::shared_ptr<const tls::TlsContext> context) { tls_->replace(std::move(context)); }
  // New apps, limits and origins are in force; connections of apps that are gone are closed.
  void replace_apps(core::AppTableRef apps);
  // No new connections; the open ones are closed with 4200, spread over `duration`. Source: REF 1.7
  void drain(std::chrono::milliseconds duration);

  // Counters. Thread: any.
  const core::CoreStats& core_stats() const noexcept { return core_.stats(); }
  const session::SessionStats& session_stats() const noexcept { return session_stats_; }
  const api::ApiStats& api_stats() const noexcept { return api_stats_; }
  const httpd::HttpdStats& http_stats() const noexcept { return http_.stats(); }
  const tls::TlsStats& tls_stats() const noexcept { return tls_stats_; }
  tls::TlsStats& tls_stats() noexcept { return tls_stats_; }
  const net::ProxyStats& proxy_stats() const noexcept { return proxy_stats_; }
  const net::NetStats& net_stats() const noexcept { return loop_.stats(); }
  const net::EventLoop& loop() const noexcept { return loop_; }

 private:
  bool on_turn() override;
  void on_due_timer();
  void on_drain_timer();
  void accept(net::UniqueFd listening, net::AcceptHandler& next);

  net::EventLoop& loop_;
  const WorkerShared shared_;
  tls::TlsStats tls_stats_;  // before the connections, which count themselves in it
  net::ProxyStats proxy_stats_;
  core::AppRegistry apps_;
  core::LoopCore core_;

  session::SessionStats session_stats_;
  session::SendLimitsTable send_limits_;
  session::Compression compression_;
  session::LivenessRound liveness_;
  session::SessionContext session_context_;
  session::FallbackContext fallback_context_;  // outlives the sessions
  session::ConnectionList connections_;
  session::WsAcceptor acceptor_;
  session::FallbackEndpoint fallback_;

  api::ApiStats api_stats_;
  api::ApiContext api_context_;
  httpd::Router router_;
  httpd::HttpServer http_;
  std::unique_ptr<tls::TlsAcceptor> tls_;
  std::vector<std::unique_ptr<net::ProxyAcceptor>> proxies_;
  std::vector<std::unique_ptr<net::Listener>> listeners_;

  net::TimerOf<Worker, &Worker::on_due_timer> due_timer_{*this};
  net::TimerOf<Worker, &Worker::on_drain_timer> drain_timer_{*this};
  MonotonicTime drain_end_{};
  SeededRandom jitter_;
  bool record_due_ = false;  // of fan-outs that have ended, behind their writes
};

}  // namespace fanfare::server
