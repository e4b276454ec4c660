#include "server/worker.h"

#include <algorithm>
#include <utility>

#include "api/routes.h"
#include "base/random.h"

namespace fanfare::server {

namespace {

// How often throttled counts and delayed notices are looked at.
constexpr std::chrono::milliseconds kDueInterval{100};
// Steps in which a drain closes connections, around which each worker jitters.
constexpr std::chrono::milliseconds kDrainStep{100};

}  // namespace

Worker::Worker(net::EventLoop& loop, const WorkerShared& shared, core::AppTableRef apps)
    : loop_(loop),
      shared_(shared),
      apps_(std::move(apps)),
      core_(loop.index(), shared.loops, shared.config.core, loop.clock(), shared.observer),
      send_limits_(shared.config.net.send_queue),
      compression_(shared.config.session.compression, loop.stats(), net::EventLoop::system_clock(), session_stats_),
      liveness_(loop, core_.connections(), shared.config.session),
      session_context_{
          loop,           core_,        apps_,        shared.quota,    shared.sessions, shared.config.session,
          session_stats_, send_limits_, compression_, shared.warnings, liveness_},
      fallback_context_{session_context_, connections_},
      connections_(loop),
      acceptor_(session_context_, connections_),
      fallback_(fallback_context_),
      api_context_{core_, apps_, loop.clock(), shared.config.api, api_stats_, shared.warnings, {}},
      http_(loop, shared.http, router_, &acceptor_),
      jitter_(secure_random_u64()) {
  api::add_routes(router_, api_context_);
  if (shared.config.session.fallback.enabled) fallback_.add_to(router_);
  // A session's connection counts with it, also between two polls, when it looks like anyone's.
  http_.set_more_connections([this] { return fallback_context_.table.size(); });
  http_.set_request_filter(shared_.rules);
  loop_.add_turn_hook(*this);
  loop_.schedule(due_timer_, kDueInterval);
}

Worker::~Worker() { loop_.remove_turn_hook(*this); }

void Worker::listen(net::UniqueFd listening) { accept(std::move(listening), http_); }

void Worker::listen_tls(net::UniqueFd listening, std::shared_ptr<const tls::TlsContext> context) {
  tls_ = std::make_unique<tls::TlsAcceptor>(loop_, shared_.config.tls, shared_.pending_max, std::move(context),
                                            *shared_.tls_stats, http_);
  accept(std::move(listening), *tls_);
}

// A PROXY header comes before everything else, TLS included.
void Worker::accept(net::UniqueFd listening, net::AcceptHandler& next) {
  net::AcceptHandler* first = &next;
  if (shared_.config.net.proxy_protocol) {
    proxies_.push_back(std::make_unique<net::ProxyAcceptor>(loop_, shared_.sessions.trusted_proxies,
                                                            shared_.config.net.proxy_header_timeout,
                                                            shared_.pending_max, proxy_stats_, next));
    first = proxies_.back().get();
  }
  listeners_.push_back(std::make_unique<net::Listener>(loop_, std::move(listening), *first));
}

void Worker::replace_apps(core::AppTableRef apps) {
  apps_.replace(std::move(apps));
  send_limits_.refresh(apps_.table());
  core_.refresh_apps(apps_.table());
  connections_.for_each([](session::OwnedConnection& connection) { connection.on_apps_changed(); });
}

bool Worker::on_turn() {
  const bool has_more = core_.run_turn();
  // Measured after the turn's writes, with a clock of its own: the loop's is from before them.
  if (core_.has_finished_fan_outs() && !std::exchange(record_due_, true)) {
    loop_.run_behind_writes([this] {
      record_due_ = false;
      core_.record_finished(SystemClock().monotonic());
    });
  }
  return has_more;
}

void Worker::on_due_timer() {
  core_.run_due();
  loop_.schedule(due_timer_, kDueInterval);
}

void Worker::drain(std::chrono::milliseconds duration) {
  for (const auto& listener : listeners_) listener->stop();
  for (const auto& proxy : proxies_) proxy->drain();
  if (tls_ != nullptr) tls_->drain();
  http_.drain();
  drain_end_ = loop_.now() + duration;
  on_drain_timer();
}

// Closes an even share at each step, so that the clients do not all come back at once somewhere else.
void Worker::on_drain_timer() {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(drain_end_ - loop_.now());
  const auto steps = static_cast<std::size_t>(std::max<std::int64_t>(left / kDrainStep, 1));
  if (!connections_.drain_some((connections_.undrained() + steps - 1) / steps)) return;
  const auto jitter = static_cast<std::int64_t>(jitter_.below(static_cast<std::uint64_t>(kDrainStep.count())));
  loop_.schedule(drain_timer_, kDrainStep / 2 + std::chrono::milliseconds{jitter});
}

}  // namespace fanfare::server
