#include "api/routes.h"

#include <utility>

#include "api/authenticate.h"
#include "api/channel_handlers.h"
#include "api/handlers.h"
#include "api/publish_handlers.h"
#include "http/response.h"

namespace fanfare::api {

namespace {

using http::Method;
using http::Request;
using httpd::Responder;
using httpd::RouteCaptures;

// Adds a route whose handler is called with the app that has signed the request, and what its query asks for.
template <typename Handle>
void add(httpd::Router& router, ApiContext& context, Method method, std::string_view pattern, Handle handle) {
  router.add(method, pattern,
             [&context, handle](const Request& request, const RouteCaptures& captures, Responder responder) {
               const Caller caller = authenticate(context, request, captures["app_id"]);
               if (caller.app == nullptr) return respond_error(context, responder, caller.refusal);
               handle(caller, request, captures, std::move(responder));
             });
}

void add_publishing(httpd::Router& router, ApiContext& context) {
  add(router, context, Method::kPost, "/apps/{app_id}/events",
      [&context](const Caller& caller, const Request& request, const RouteCaptures&, Responder responder) {
        handle_events(context, caller, request, std::move(responder));
      });
  add(router, context, Method::kPost, "/apps/{app_id}/batch_events",
      [&context](const Caller& caller, const Request& request, const RouteCaptures&, Responder responder) {
        handle_batch_events(context, caller, request, std::move(responder));
      });
  add(router, context, Method::kPost, "/apps/{app_id}/channels/{channel}/events",
      [&context](const Caller& caller, const Request& request, const RouteCaptures& captures, Responder responder) {
        handle_legacy_events(context, caller, captures["channel"], request, std::move(responder));
      });
}

void add_reads(httpd::Router& router, ApiContext& context) {
  add(router, context, Method::kGet, "/apps/{app_id}/channels",
      [&context](const Caller& caller, const Request&, const RouteCaptures&, Responder responder) {
        handle_channels(context, caller, std::move(responder));
      });
  add(router, context, Method::kGet, "/apps/{app_id}/channels/{channel}",
      [&context](const Caller& caller, const Request&, const RouteCaptures& captures, Responder responder) {
        handle_channel(context, caller, captures["channel"], std::move(responder));
      });
  add(router, context, Method::kGet, "/apps/{app_id}/channels/{channel}/users",
      [&context](const Caller& caller, const Request&, const RouteCaptures& captures, Responder responder) {
        handle_channel_users(context, caller, captures["channel"], std::move(responder));
      });
  add(router, context, Method::kGet, "/apps/{app_id}/users",
      [&context](const Caller& caller, const Request&, const RouteCaptures&, Responder responder) {
        handle_users(context, caller, std::move(responder));
      });
  add(router, context, Method::kGet, "/apps/{app_id}/channels/{channel}/stats",
      [&context](const Caller& caller, const Request&, const RouteCaptures& captures, Responder responder) {
        handle_channel_stats(context, caller.app, captures["channel"], std::move(responder));
      });
}

void add_commands(httpd::Router& router, ApiContext& context) {
  add(router, context, Method::kPost, "/apps/{app_id}/users/{user_id}/terminate_connections",
      [&context](const Caller& caller, const Request&, const RouteCaptures& captures, Responder responder) {
        handle_terminate(context, caller.app, captures["user_id"], std::move(responder));
      });
  add(router, context, Method::kPost, "/apps/{app_id}/channels/{channel}/users/{user_id}/kick",
      [&context](const Caller& caller, const Request&, const RouteCaptures& captures, Responder responder) {
        handle_kick(context, caller.app, captures["channel"], captures["user_id"], std::move(responder));
      });
  // The Python SDK leaves /apps/<app_id> out. Source: REF 6.6
  router.add(Method::kPost, "/users/{user_id}/terminate_connections",
             [&context](const Request& request, const RouteCaptures& captures, Responder responder) {
               const Caller caller = authenticate_by_key(context, request);
               if (caller.app == nullptr) return respond_error(context, responder, caller.refusal);
               handle_terminate(context, caller.app, captures["user_id"], std::move(responder));
             });
}

// A browser asks before it sends what is not a plain form.
void add_preflight(httpd::Router& router) {
  router.set_options_handler([](const Request&, const RouteCaptures&, Responder responder) {
    responder.respond({.status = 204,
                       .content_type = {},
                       .body = {},
                       .headers = {{"Access-Control-Allow-Origin", "*"},
                                   {"Access-Control-Allow-Methods", "OPTIONS, POST, GET"},
                                   {"Access-Control-Allow-Headers", "Content-Type, Idempotency-Key, X-Pusher-Library"},
                                   {"Access-Control-Max-Age", "86400"}}});
  });
}

// Most unknown paths are one of three mistakes: the WebSocket's path over plain HTTP, a prefix, a slash too many.
std::string hint(const Request& request) {
  constexpr std::size_t kShownBytes = 128;
  const std::string asked =
      std::string(request.method_text.substr(0, kShownBytes)) + ' ' + std::string(request.path.substr(0, kShownBytes));
  if (request.path.find("/app/") != std::string_view::npos) {
    return asked + " is the WebSocket endpoint: connect to it with ws:// (pusher-js: wsHost and wsPort)";
  }
  const std::size_t api = request.path.find("/apps/");
  if (api != std::string_view::npos && api > 0) {
    return asked + " has a prefix before /apps/: the API is at the root of this host, without one";
  }
  return asked +
         " is no path of the API: expected /apps/<app_id>/events, …/batch_events, …/channels, "
         "…/channels/<name>, …/channels/<name>/users or …/users/<id>/terminate_connections";
}

}  // namespace

void add_routes(httpd::Router& router, ApiContext& context) {
  router.set_not_found_hint(hint);
  if (context.options.cors) add_preflight(router);
  add_publishing(router, context);
  add_reads(router, context);
  add_commands(router, context);
}

}  // namespace fanfare::api
