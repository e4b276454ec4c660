#include "server/stats_collector.h"

#include <string>

#include "base/log.h"
#include "server/worker.h"

namespace fanfare::server {

namespace {

using metrics::Labels;
using metrics::Registry;

void add_net(Registry& registry, const net::NetStats& stats) {
  registry.add({"fanfare_net_accepted_total", "Connections accepted"}, {}, stats.accepted);
  registry.add({"fanfare_net_accepts_refused_total", "Connections closed at once because no file descriptor was left"},
               {}, stats.accepts_refused);
  registry.add({"fanfare_net_accept_errors_total", "Connections that the kernel failed to hand over"}, {},
               stats.accept_errors);
  registry.add({"fanfare_net_linger_timeouts_total", "Closed connections whose client did not close its side in time"},
               {}, stats.linger_timeouts);
  registry.add({"fanfare_net_closed_total", "Connections closed"}, {}, stats.closed);
  registry.add({"fanfare_net_open_sockets", "Connections open now"}, {}, stats.open);
  registry.add({"fanfare_net_received_bytes_total", "Bytes read from clients"}, {}, stats.received_bytes);
  registry.add({"fanfare_net_sent_bytes_total", "Bytes written to clients"}, {}, stats.sent_bytes);
  registry.add({"fanfare_net_receive_calls_total", "Receive system calls"}, {}, stats.receive_calls);
  registry.add({"fanfare_net_send_calls_total", "Send system calls"}, {}, stats.send_calls);
  registry.add({"fanfare_net_batched_sends_total", "Of sends, those that shared a system call (io_uring)"}, {},
               stats.batched_sends);
  registry.add({"fanfare_net_io_uring_loops", "Worker loops that send by io_uring"}, {}, stats.io_uring);
  registry.add({"fanfare_net_send_stalls_total", "Writes that the kernel took only in part"}, {}, stats.send_stalls);
  registry.add({"fanfare_net_send_queue_bytes", "Bytes that wait for clients which read too slowly"}, {},
               stats.waiting_bytes);
  registry.add({"fanfare_net_sends_refused_total", "Frames that a full queue refused"}, {}, stats.sends_refused);
}

void add_loop(Registry& registry, const net::NetStats& stats, const std::string& loop) {
  const Labels labels{{"loop", loop}};
  registry.add({"fanfare_loop_turns_total", "Turns of a worker loop"}, labels, stats.turns);
  registry.add({"fanfare_loop_busy_microseconds_total", "Time a worker loop did not wait"}, labels, stats.busy_us);
  registry.add({"fanfare_loop_turn_seconds", "Length of a worker loop's turn: how late its last socket is served"},
               labels, stats.turn_length);
  registry.add({"fanfare_loop_wakes_total", "Times another thread woke a worker loop"}, labels, stats.wakes);
}

void add_proxies(Registry& registry, const net::ProxyStats& stats) {
  registry.add({"fanfare_proxy_headers_total", "PROXY headers of trusted proxies"}, {}, stats.headers);
  const metrics::Metric refused{"fanfare_proxy_refused_total", "Connections of trusted proxies that were cut"};
  registry.add(refused, {{"reason", "invalid"}}, stats.invalid);
  registry.add(refused, {{"reason", "timeout"}}, stats.timeouts);
  registry.add(refused, {{"reason", "limit"}}, stats.refused_at_limit);
}

void add_tls(Registry& registry, const tls::TlsStats& stats) {
  const metrics::Metric handshakes{"fanfare_tls_handshakes_total", "TLS handshakes that succeeded"};
  registry.add(handshakes, {{"version", "1.2"}}, stats.handshakes_tls12);
  registry.add(handshakes, {{"version", "1.3"}}, stats.handshakes_tls13);
  registry.add({"fanfare_tls_resumed_total", "Of those, the short ones by a session ticket"}, {}, stats.resumed);
  for (std::size_t i = 0; i < stats.failures.size(); ++i) {
    const std::string reason = tls::handshake_failure_name(static_cast<tls::HandshakeFailure>(i));
    registry.add({"fanfare_tls_handshake_failures_total", "TLS handshakes that failed"}, {{"reason", reason}},
                 stats.failures[i]);
  }
  registry.add({"fanfare_tls_refused_at_limit_total", "Connections closed because too many handshakes were under way"},
               {}, stats.refused_at_limit);
  registry.add({"fanfare_tls_pending_handshakes", "TLS handshakes under way now"}, {}, stats.pending);
  registry.add({"fanfare_tls_open_connections", "TLS connections now"}, {}, stats.open);
  registry.add({"fanfare_tls_broken_total", "TLS connections ended by bytes that were no valid record"}, {},
               stats.broken);
}

void add_core(Registry& registry, const core::CoreStats& stats) {
  registry.add({"fanfare_core_published_events_total", "Events taken, by channel"}, {{"source", "api"}},
               stats.published_api);
  registry.add({"fanfare_core_published_events_total", "Events taken, by channel"}, {{"source", "client"}},
               stats.published_client);
  registry.add({"fanfare_core_delivered_frames_total", "Frames handed to subscribers"}, {{"kind", "event"}},
               stats.delivered_frames);
  registry.add({"fanfare_core_delivered_frames_total", "Frames handed to subscribers"}, {{"kind", "protocol"}},
               stats.delivered_protocol);
  registry.add({"fanfare_core_delivered_bytes_total", "Bytes handed to subscribers"}, {}, stats.delivered_bytes);
  registry.add({"fanfare_core_deliveries_dropped_total", "Events dropped for a loop whose mailbox was full"}, {},
               stats.deliver_dropped);
  registry.add({"fanfare_core_publishes_refused_total", "Publishes answered 503 because a mailbox was full"}, {},
               stats.publish_refused);
  registry.add({"fanfare_core_subscribed_total", "Subscriptions made"}, {}, stats.subscribed);
  registry.add({"fanfare_core_unsubscribed_total", "Subscriptions ended"}, {}, stats.unsubscribed);
  registry.add({"fanfare_core_subscriptions_refused_total", "Subscriptions refused by a full presence channel"}, {},
               stats.subscriptions_refused);
  registry.add({"fanfare_core_subscriptions", "Subscriptions now"}, {}, stats.subscriptions);
  registry.add({"fanfare_core_channels", "Occupied channels now"}, {}, stats.channels);
  registry.add({"fanfare_core_presence_members", "Members of presence channels now"}, {}, stats.presence_members);
  registry.add({"fanfare_core_users", "Signed-in users now"}, {}, stats.users);
  registry.add({"fanfare_core_cached_events", "Events kept for cache channels now"}, {}, stats.cached_events);
  registry.add({"fanfare_core_cached_bytes", "Bytes kept for cache channels now"}, {}, stats.cached_bytes);
  registry.add({"fanfare_core_cache_hits_total", "Subscriptions that got a cached event"}, {}, stats.cache_hits);
  registry.add({"fanfare_core_cache_misses_total", "Subscriptions to a cache channel with nothing kept"}, {},
               stats.cache_misses);
  registry.add({"fanfare_core_cache_evictions_total", "Cached events dropped because the cache was full"}, {},
               stats.cache_evictions);
  registry.add({"fanfare_core_fan_outs_waiting", "Channels with a fan-out in progress"}, {}, stats.fan_outs_waiting);
  registry.add(
      {"fanfare_core_publish_to_write_seconds", "From a publish reaching the server to its last write on a loop"}, {},
      stats.publish_to_write);
}

void add_session(Registry& registry, const session::SessionStats& stats) {
  registry.add({"fanfare_session_connections", "Established client connections now"}, {}, stats.connections);
  registry.add({"fanfare_session_established_total", "Client connections established"}, {}, stats.established);
  registry.add({"fanfare_session_closed_by_client_total", "Established connections that the client ended"}, {},
               stats.closed_by_client);
  registry.add({"fanfare_session_messages_total", "Messages of clients"}, {}, stats.messages_in);
  registry.add({"fanfare_session_message_bytes_total", "Bytes of clients' messages"}, {}, stats.message_bytes_in);
  registry.add({"fanfare_session_client_events_total", "Client events"}, {{"outcome", "accepted"}},
               stats.client_events);
  registry.add({"fanfare_session_client_events_total", "Client events"}, {{"outcome", "refused"}},
               stats.client_events_refused);
  registry.add({"fanfare_session_slow_consumers_total", "Connections closed because they did not keep up"}, {},
               stats.slow_consumers);
  registry.add({"fanfare_session_events_dropped_total", "Events dropped for connections that did not keep up"}, {},
               stats.events_dropped);
  registry.add({"fanfare_session_activity_timeouts_total", "Connections closed with 4201"}, {},
               stats.activity_timeouts);
  registry.add({"fanfare_session_fallback_sessions", "Sessions over HTTP fallbacks now, also those not let in yet"}, {},
               stats.fallback_sessions);
  registry.add({"fanfare_session_fallback_expired_total", "Sessions over HTTP fallbacks whose client came no more"}, {},
               stats.fallback_expired);
  registry.add({"fanfare_session_signins_total", "Successful sign-ins"}, {}, stats.signins);
  registry.add({"fanfare_session_error_events_total", "pusher:error events by code"}, {{"code", "null"}},
               stats.error_events_null);
}

void add_compression(Registry& registry, const session::SessionStats& stats) {
  registry.add({"fanfare_deflate_connections", "WebSocket connections with permessage-deflate now"}, {},
               stats.deflate_connections);
  registry.add({"fanfare_deflate_messages_total", "Messages deflated, each once, whatever its audience"}, {},
               stats.deflated_messages);
  const metrics::Metric bytes{"fanfare_deflate_bytes_total", "Bytes of their frames, as they were and deflated"};
  registry.add(bytes, {{"form", "plain"}}, stats.deflated_bytes_before);
  registry.add(bytes, {{"form", "deflated"}}, stats.deflated_bytes_after);
  registry.add({"fanfare_deflate_microseconds_total", "Time that worker loops spent on deflating"}, {},
               stats.deflate_us);
  registry.add({"fanfare_deflate_held_back_total", "Deliveries left plain because their loop had no time to deflate"},
               {}, stats.deflate_held_back);
}

// Codes come up while the server runs, so their series are looked up at each scrape.
void add_codes(metrics::Samples& samples, const metrics::Metric& metric, const session::CodeCounters& counters) {
  for (const auto& entry : counters.entries()) {
    const std::uint16_t code = entry.code.load(std::memory_order_relaxed);
    if (code != 0) samples.counter(metric, {{"code", std::to_string(code)}}, entry.count.value());
  }
  if (counters.others().value() != 0) samples.counter(metric, {{"code", "other"}}, counters.others().value());
}

void add_api(Registry& registry, const api::ApiStats& stats) {
  const metrics::Metric requests{"fanfare_api_requests_total", "Requests of the HTTP API that were answered well"};
  registry.add(requests, {{"kind", "publish"}}, stats.publishes);
  registry.add(requests, {{"kind", "batch"}}, stats.batches);
  registry.add(requests, {{"kind", "query"}}, stats.queries);
  registry.add(requests, {{"kind", "command"}}, stats.commands);
  registry.add({"fanfare_api_events_total", "Events published through the HTTP API, by channel"}, {}, stats.events);
  const metrics::Metric refused{"fanfare_api_refused_total", "Requests of the HTTP API that were refused"};
  registry.add(refused, {{"reason", "unauthorized"}}, stats.unauthorized);
  registry.add(refused, {{"reason", "invalid"}}, stats.refused);
  registry.add(refused, {{"reason", "rate"}}, stats.rate_limited);
  registry.add(refused, {{"reason", "overload"}}, stats.overloaded);
  registry.add({"fanfare_api_idempotent_repeats_total", "Publishes answered as an earlier one with the same key"}, {},
               stats.idempotent_repeats);
}

void add_http(Registry& registry, const httpd::HttpdStats& stats) {
  registry.add({"fanfare_http_connections_total", "HTTP connections"}, {}, stats.connections);
  registry.add({"fanfare_http_open_connections", "HTTP connections now"}, {}, stats.connections_open);
  registry.add({"fanfare_http_refused_at_limit_total", "HTTP connections refused above the limit"}, {},
               stats.refused_at_limit);
  registry.add({"fanfare_http_upgrades_total", "Connections that became WebSockets"}, {}, stats.upgrades);
  registry.add(
      {"fanfare_http_moved_connections_total", "Connections that went to another loop, where their session is"}, {},
      stats.moved_out);
  registry.add({"fanfare_http_requests_total", "Well-formed requests"}, {}, stats.requests);
  registry.add({"fanfare_http_bad_requests_total", "Requests that were not HTTP"}, {}, stats.bad_requests);
  registry.add({"fanfare_http_answers_dropped_total", "Answers whose client had gone"}, {}, stats.answers_dropped);
  registry.add({"fanfare_http_timeouts_total", "Requests and connections that took too long"}, {{"wait", "head"}},
               stats.header_timeouts);
  registry.add({"fanfare_http_timeouts_total", "Requests and connections that took too long"}, {{"wait", "body"}},
               stats.body_timeouts);
  registry.add({"fanfare_http_timeouts_total", "Requests and connections that took too long"}, {{"wait", "idle"}},
               stats.idle_timeouts);
  for (std::size_t i = 0; i < stats.by_class.size(); ++i) {
    registry.add({"fanfare_http_responses_total", "Responses by status class"},
                 {{"class", std::to_string(i + 1) + "xx"}}, stats.by_class[i]);
  }
}

void add_gateway_webhooks(Registry& registry, const gateway::GatewayStats& stats) {
  const auto webhooks = [&](const char* outcome, const Counter& counter) {
    registry.add({"fanfare_gateway_webhooks_total", "Webhooks that came, by what became of them"},
                 {{"outcome", outcome}}, counter);
  };
  webhooks("taken", stats.webhooks);
  webhooks("refused", stats.webhooks_refused);
  webhooks("old", stats.webhooks_old);
  webhooks("repeated", stats.webhooks_repeated);
  webhooks("full", stats.webhooks_full);
  registry.add({"fanfare_gateway_webhooks_handed_on_total", "Webhooks that the application took"}, {},
               stats.webhooks_handed_on);
  registry.add({"fanfare_gateway_webhook_retries_total", "Further attempts to hand a webhook on"}, {},
               stats.webhook_retries);
  registry.add({"fanfare_gateway_webhooks_given_up_total", "Webhooks that the application did not take in time"}, {},
               stats.webhooks_given_up);
  registry.add({"fanfare_gateway_webhooks_waiting", "Webhooks that wait to be handed on"}, {}, stats.webhooks_waiting);
}

}  // namespace

void register_stats(Registry& registry, const std::vector<std::unique_ptr<Worker>>& workers) {
  registry.add_source([](metrics::Samples& samples) {
    samples.counter({"fanfare_log_dropped_lines_total", "Log lines dropped because the writer did not keep up"}, {},
                    dropped_log_lines());
  });
  for (const auto& owned : workers) {
    const Worker* worker = owned.get();
    add_net(registry, worker->net_stats());
    add_proxies(registry, worker->proxy_stats());
    add_tls(registry, worker->tls_stats());
    add_loop(registry, worker->net_stats(), std::to_string(worker->loop().index().value()));
    add_core(registry, worker->core_stats());
    add_session(registry, worker->session_stats());
    add_compression(registry, worker->session_stats());
    add_api(registry, worker->api_stats());
    add_http(registry, worker->http_stats());
    registry.add_source([worker](metrics::Samples& samples) {
      const session::SessionStats& stats = worker->session_stats();
      add_codes(samples, {"fanfare_session_refused_total", "Connections refused, by close code"}, stats.refused);
      add_codes(samples, {"fanfare_session_closed_total", "Connections that the server closed, by close code"},
                stats.closed);
      add_codes(samples, {"fanfare_session_error_events_total", "pusher:error events by code"}, stats.error_events);
      samples.gauge({"fanfare_loop_mailbox_tasks", "Tasks that wait in a worker loop's mailbox"},
                    {{"loop", std::to_string(worker->loop().index().value())}},
                    static_cast<double>(worker->loop().mailbox_depth()));
      samples.gauge({"fanfare_loop_mailbox_reserved", "Places of a worker loop's mailbox that are taken or promised"},
                    {{"loop", std::to_string(worker->loop().index().value())}},
                    static_cast<double>(worker->loop().mailbox_reserved()));
    });
  }
}

void register_certificate_stats(Registry& registry, const tls::TlsCertificates& certificates) {
  registry.add_source([&certificates](metrics::Samples& samples) {
    const metrics::Metric loads{"fanfare_tls_certificate_loads_total", "Times that certificate files were read again"};
    samples.counter(loads, {{"outcome", "taken"}}, certificates.reloads());
    samples.counter(loads, {{"outcome", "kept_old"}}, certificates.failures());
    const std::shared_ptr<const tls::TlsContext> context = certificates.context();
    for (const tls::CertificateFacts& facts : context->certificates()) {
      samples.gauge({"fanfare_tls_certificate_expiry_timestamp_seconds", "When a certificate expires, in Unix time"},
                    {{"file", facts.file}}, static_cast<double>(facts.not_after_unix_s));
    }
  });
}

void register_gateway_stats(Registry& registry, const gateway::GatewayStats& stats) {
  add_gateway_webhooks(registry, stats);
  constexpr const char* kAnswers = "fanfare_gateway_answers_total";
  for (std::size_t i = 0; i < stats.answers_by_class.size(); ++i) {
    registry.add({kAnswers, "Answers of the gateway, by class of status"}, {{"class", std::to_string(i + 1) + "xx"}},
                 stats.answers_by_class[i]);
  }
  registry.add({"fanfare_gateway_answer_seconds", "Time from a request of the gateway to its answer"}, {},
               stats.answer_time);
  registry.add({"fanfare_gateway_signatures_total", "Subscriptions and sign-ins that were signed"},
               {{"kind", "channel"}}, stats.channel_auths);
  registry.add({"fanfare_gateway_signatures_total", "Subscriptions and sign-ins that were signed"}, {{"kind", "user"}},
               stats.user_auths);
  registry.add({"fanfare_gateway_tokens_refused_total", "Requests whose token or session was refused"}, {},
               stats.tokens_refused);
  registry.add({"fanfare_gateway_forbidden_total", "Requests that an access rule refused"}, {}, stats.forbidden);
  registry.add({"fanfare_gateway_rate_limited_total", "Requests above a limit"}, {{"by", "user"}},
               stats.rate_limited_user);
  registry.add({"fanfare_gateway_rate_limited_total", "Requests above a limit"}, {{"by", "address"}},
               stats.rate_limited_address);
  registry.add({"fanfare_gateway_limit_keys_dropped_total", "Users and addresses whose count was forgotten early"}, {},
               stats.limit_keys_dropped);
  registry.add({"fanfare_gateway_published_events_total", "Events published, by channel"}, {}, stats.events_published);
  registry.add({"fanfare_gateway_publishes_failed_total", "Publishes that the Channels server did not take"}, {},
               stats.publishes_failed);
  registry.add({"fanfare_gateway_publishes_skipped_total", "Publishes skipped because publishing is off"}, {},
               stats.publishes_skipped);
}

}  // namespace fanfare::server
