#include "gateway/routes.h"

#include <string>
#include <utility>

#include "gateway/agent_handlers.h"
#include "gateway/auth_handlers.h"
#include "gateway/authenticate.h"
#include "gateway/channel_handlers.h"
#include "gateway/health_handlers.h"
#include "gateway/limit_key.h"
#include "gateway/request_id.h"
#include "gateway/trigger_handlers.h"

namespace fanfare::gateway {
namespace {

using http::Method;
using http::Request;
using httpd::Responder;
using httpd::RouteCaptures;
using Handler = void (*)(const ExchangeRef&, const Caller&);

constexpr std::size_t kAuthBodyBytesMax = 16 * kKiB;

// Which limits count a request.
enum class Kind : std::uint8_t {
  kAuth,
  kTrigger,
  kRead,  // by address only, together with kAuth
};

struct Route {
  Method method;
  std::string_view pattern;
  std::string_view capture;  // the name of the pattern's one; empty: none
  Kind kind;
  Handler handler;
};

constexpr Route kRoutes[] = {
    {Method::kPost, "/api/v1/pusher/auth", "", Kind::kAuth, handle_channel_auth},
    {Method::kPost, "/api/v1/pusher/user-auth", "", Kind::kAuth, handle_user_auth},
    {Method::kPost, "/api/v1/realtime/trigger", "", Kind::kTrigger, handle_trigger},
    {Method::kPost, "/api/v1/realtime/trigger-batch", "", Kind::kTrigger, handle_trigger_batch},
    {Method::kPost, "/api/v1/realtime/users/{user_id}/events", "user_id", Kind::kTrigger, handle_user_events},
    {Method::kPost, "/api/v1/realtime/users/{user_id}/terminate", "user_id", Kind::kTrigger, handle_user_terminate},
    {Method::kPost, "/api/v1/realtime/agents/{agent_name}/status", "agent_name", Kind::kTrigger, handle_agent_status},
    {Method::kPost, "/api/v1/realtime/agents/{agent_id}/events", "agent_id", Kind::kTrigger, handle_agent_events},
    {Method::kGet, "/api/v1/realtime/channels", "", Kind::kRead, handle_channels},
    {Method::kGet, "/api/v1/realtime/channels/{name}", "name", Kind::kRead, handle_channel},
    {Method::kGet, "/api/v1/realtime/presence/{name}", "name", Kind::kRead, handle_presence},
};

void refuse_above_limit(const ExchangeRef& exchange, std::chrono::seconds retry_after, std::string_view whose) {
  exchange->add_header("RateLimit-Remaining", "0");
  exchange->add_header("Retry-After", std::to_string(retry_after.count()));
  exchange->refuse(429, "too many requests of this " + std::string(whose) + "; wait for " +
                            std::to_string(retry_after.count()) + " s");
}

// Whether the address may go on; else answered. Before anything costs something.
bool pass_address(const ExchangeRef& exchange, Kind kind) {
  GatewayContext& context = exchange->context();
  WindowLimiter& limiter = kind == Kind::kTrigger ? context.trigger_by_address : context.auth_by_address;
  const auto take = limiter.take(limit_key_of(exchange->address()), context.clock.monotonic());
  if (take.allowed) return true;
  context.stats.rate_limited_address.add();
  refuse_above_limit(exchange, take.retry_after, "address");
  return false;
}

bool pass_user(const ExchangeRef& exchange, Kind kind, const Caller& caller) {
  if (kind == Kind::kRead) return true;
  GatewayContext& context = exchange->context();
  WindowLimiter& limiter = kind == Kind::kTrigger ? context.trigger_by_user : context.auth_by_user;
  if (!limiter.is_limited()) return true;
  const auto take = limiter.take(caller.identity.user_id, context.clock.monotonic());
  if (!take.allowed) {
    context.stats.rate_limited_user.add();
    refuse_above_limit(exchange, take.retry_after, "user");
    return false;
  }
  exchange->add_header("RateLimit-Remaining", std::to_string(take.remaining));
  return true;
}

bool pass_body(const ExchangeRef& exchange, std::size_t bytes_max) {
  if (exchange->body().size() <= bytes_max) return true;
  exchange->refuse(413, "the body is " + std::to_string(exchange->body().size()) + " bytes, at most " +
                            std::to_string(bytes_max) + " are allowed");
  return false;
}

void serve(const Route& route, const ExchangeRef& exchange) {
  const std::size_t body_max =
      route.kind == Kind::kAuth ? kAuthBodyBytesMax : exchange->context().options.body_bytes_max;
  if (!pass_address(exchange, route.kind) || !pass_body(exchange, body_max)) return;
  authenticate(exchange, [&route](const ExchangeRef& authenticated, const Caller& caller) {
    if (pass_user(authenticated, route.kind, caller)) route.handler(authenticated, caller);
  });
}

// Those that ask for no token.
void add_open_routes(httpd::Router& router, GatewayContext& context, HealthProbe& health, WebhookReceiver& webhooks) {
  constexpr std::string_view kHealth = "/health";
  constexpr std::string_view kStatus = "/health/pusher/status";
  constexpr std::string_view kWebhook = "/pusher/webhook";
  router.add(Method::kGet, kHealth,
             [&context, &health, kHealth](const Request& request, const RouteCaptures&, Responder responder) {
               handle_health(std::make_shared<Exchange>(context, request, kHealth, "", std::move(responder)), health);
             });
  router.add(Method::kGet, kStatus,
             [&context, &health, kStatus](const Request& request, const RouteCaptures&, Responder responder) {
               handle_pusher_status(std::make_shared<Exchange>(context, request, kStatus, "", std::move(responder)),
                                    health);
             });
  router.add(Method::kPost, kWebhook,
             [&context, &webhooks, kWebhook](const Request& request, const RouteCaptures&, Responder responder) {
               const auto exchange = std::make_shared<Exchange>(context, request, kWebhook, "", std::move(responder));
               if (pass_body(exchange, context.options.body_bytes_max)) webhooks.handle(exchange);
             });
}

// Refusals that no handler makes look like all others.
http::Response refusal(GatewayContext& context, int status, const std::string& text, const Request* request) {
  const std::string id = request_id_of(request == nullptr ? std::string_view{} : request->header("X-Request-Id"));
  http::Response response = http::json_response(error_body(code_of_status(status), text, id), status);
  response.headers.push_back({"X-Request-Id", id});
  context.cors.add_headers(response, request == nullptr ? std::string_view{} : request->header("Origin"));
  context.stats.count_answer(status);
  return response;
}

}  // namespace

void add_routes(httpd::Router& router, GatewayContext& context, HealthProbe& health, WebhookReceiver& webhooks) {
  for (const Route& route : kRoutes) {
    router.add(route.method, route.pattern,
               [&context, &route](const Request& request, const RouteCaptures& captures, Responder responder) {
                 const std::string_view capture = route.capture.empty() ? std::string_view{} : captures[route.capture];
                 serve(route,
                       std::make_shared<Exchange>(context, request, route.pattern, capture, std::move(responder)));
               });
  }
  add_open_routes(router, context, health, webhooks);
  router.set_refusal([&context](int status, const std::string& text, const Request* request) {
    return refusal(context, status, text, request);
  });
  router.set_options_handler([&context](const Request& request, const RouteCaptures&, Responder responder) {
    http::Response response = context.cors.preflight(request);
    response.headers.push_back({"X-Request-Id", request_id_of(request.header("X-Request-Id"))});
    context.stats.count_answer(response.status);
    responder.respond(std::move(response));
  });
}

}  // namespace fanfare::gateway
