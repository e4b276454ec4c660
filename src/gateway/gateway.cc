#include "gateway/gateway.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "fetch/http_client.h"
#include "gateway/gateway_context.h"
#include "gateway/health_probe.h"
#include "gateway/routes.h"
#include "gateway/session_check.h"
#include "gateway/webhook_queue.h"
#include "gateway/webhook_receiver.h"

namespace fanfare::gateway {
namespace {

const Logger kLog("gateway");

std::vector<std::string> extra_claims(const access::AccessTable& access) {
  std::vector<std::string> names = access.claim_names();
  std::erase(names, "classes");  // which is read in any case, under the name that the configuration gives it
  return names;
}

ActiveChannels names_to_tell(const GatewayOptions& options) {
  if (options.active_channels != ActiveChannels::kAutomatic) return options.active_channels;
  const bool is_loopback = options.host == "localhost" || options.host == "::1" || options.host.starts_with("127.");
  return is_loopback ? ActiveChannels::kAll : ActiveChannels::kOpen;
}

}  // namespace

// In the order that they depend on each other.
struct Gateway::Parts {
  Parts(GatewaySetup&& setup, net::TrustedProxies trusted, std::unique_ptr<fetch::HttpClient> client,
        std::unique_ptr<jwt::KeyStore> key_store, Executor& loop, const Clock& clock)
      : options(setup.options),
        access(std::move(setup.access)),
        proxies(std::move(trusted)),
        fetcher(std::move(client)),
        keys(std::move(key_store)),
        verifier(options.jwt, extra_claims(*access)),
        cors(options.cors_origins, !options.session.url.empty()),
        authorizer(setup.credentials, std::move(setup.master_key)),
        backend(std::move(setup.backend)),
        sessions(options.session, verifier, *fetcher, loop),
        context{.options = options,
                .clock = clock,
                .stats = stats,
                .access = access,
                .verifier = verifier,
                .keys = *keys,
                .sessions = options.session.url.empty() ? nullptr : &sessions,
                .authorizer = authorizer,
                .backend = *backend,
                .cors = cors,
                .trusted_proxies = proxies,
                .auth_by_user = limiter(options.limits.auth_per_user),
                .auth_by_address = limiter(options.limits.per_address),
                .trigger_by_user = limiter(options.limits.trigger_per_user),
                .trigger_by_address = limiter(options.limits.per_address)},
        health(*backend, clock, options.channels.enabled, names_to_tell(options)),
        queue(std::make_unique<WebhookQueue>(options.webhook, make_webhook_target(options.webhook), stats)),
        webhooks(options.webhook, setup.webhook_keys, *queue) {}

  Parts(const Parts&) = delete;
  Parts& operator=(const Parts&) = delete;
  // Requests that wait for keys answer as they go, which takes the context.
  ~Parts() { keys.reset(); }

  WindowLimiter limiter(std::uint32_t limit) { return {limit, options.limits.window, stats.limit_keys_dropped}; }

  const GatewayOptions& options;
  GatewayStats stats;
  std::shared_ptr<const access::AccessTable> access;
  net::TrustedProxies proxies;
  std::unique_ptr<fetch::HttpClient> fetcher;
  std::unique_ptr<jwt::KeyStore> keys;
  jwt::Verifier verifier;
  Cors cors;
  sdk::Authorizer authorizer;
  std::unique_ptr<ChannelsBackend> backend;
  SessionCheck sessions;
  GatewayContext context;
  HealthProbe health;
  std::unique_ptr<WebhookQueue> queue;
  WebhookReceiver webhooks;
};

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Gateway::~Gateway() = default;

Result<std::unique_ptr<Gateway>> Gateway::create(GatewaySetup setup, Executor& loop, const Clock& clock) {
  auto trusted = net::TrustedProxies::parse(setup.options.trusted_proxies);
  if (!trusted.ok()) return Error{trusted.error().kind, "trusted_proxies: " + trusted.error().message};
  if (!setup.options.webhook.url.empty() && !setup.options.webhook.command.empty()) {
    return invalid("webhooks are handed on to a URL or to a command, found both");
  }
  auto fetcher = std::make_unique<fetch::HttpClient>();
  auto keys = jwt::KeyStore::open(setup.options.jwt, *fetcher, loop, clock);
  if (!keys.ok()) return Error{keys.error().kind, "jwt: " + keys.error().message};
  if (!(*keys)->is_configured() && setup.options.session.url.empty()) {
    kLog.warning("no key for tokens and no session URL is configured: nobody can be authorized");
  }
  return std::unique_ptr<Gateway>(new Gateway(std::make_unique<Parts>(
      std::move(setup), *std::move(trusted), std::move(fetcher), *std::move(keys), loop, clock)));
}

void Gateway::add_routes(httpd::Router& router) {
  gateway::add_routes(router, parts_->context, parts_->health, parts_->webhooks);
}

void Gateway::replace_access(std::shared_ptr<const access::AccessTable> access) {
  parts_->verifier = jwt::Verifier(parts_->options.jwt, extra_claims(*access));
  parts_->access = access;
  parts_->context.access = std::move(access);
}

void Gateway::warm_up() { parts_->keys->refresh_if_stale(); }

// The parts that tasks in the loop's mailbox refer to stay; who posts to it goes.
void Gateway::stop_outgoing() {
  parts_->queue.reset();
  parts_->fetcher.reset();
  parts_->backend.reset();
}

const GatewayStats& Gateway::stats() const noexcept { return parts_->stats; }

}  // namespace fanfare::gateway
