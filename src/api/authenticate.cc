#include "api/authenticate.h"

#include <chrono>
#include <string>

#include "base/log.h"
#include "pusher/request_signature.h"

namespace fanfare::api {

namespace {

const Logger kLog("api");

Caller refuse(ApiContext& context, std::string_view app_id, int status, std::string text) {
  context.stats.unauthorized.add();
  // The same text goes to the log, so that whoever runs the server can help whoever calls it.
  const std::string key = "auth " + std::string(app_id.substr(0, 64)) + ' ' + std::to_string(status);
  if (const auto held_back = context.warnings.pass(key, context.clock.monotonic())) {
    kLog.warning("request refused",
                 {{"app", app_id.substr(0, 64)}, {"status", status}, {"reason", text}, {"held_back", *held_back}});
  }
  return {nullptr, {}, {status, std::move(text)}};
}

Caller verify(ApiContext& context, const http::Request& request, const core::AppRef& app) {
  if (!app->switches.enabled) {
    return refuse(context, app->id, 403,
                  "Application disabled: app " + app->id + " has enabled = false in its settings");
  }
  const auto now_s = std::chrono::duration_cast<std::chrono::seconds>(context.clock.wall().time_since_epoch()).count();
  const auto signer =
      pusher::verify_request(app->keys, {request.method_text, request.path, request.query, as_text(request.body)},
                             now_s, context.options.timestamp_tolerance);
  if (!signer.ok()) return refuse(context, app->id, status_of(signer.error().kind), signer.error().message);
  return {app, signer->asks_for_more ? query_parameters(request.query) : QueryParameters(), {}};
}

}  // namespace

Caller authenticate(ApiContext& context, const http::Request& request, std::string_view app_id) {
  const core::AppRef* app = context.apps.table().find_by_id(app_id);
  if (app == nullptr) {
    return refuse(context, app_id, 400,
                  "Unknown auth_key: this server has no app with the id \"" + std::string(app_id.substr(0, 64)) +
                      "\" (it is taken from the path, /apps/<app_id>/…)");
  }
  return verify(context, request, *app);
}

Caller authenticate_by_key(ApiContext& context, const http::Request& request) {
  const std::optional<std::string> key = pusher::auth_key_of(request.query);
  if (!key) return refuse(context, "", 401, "Authentication key required: the query has no auth_key");
  const core::AppRef* app = context.apps.table().find_by_key(*key);
  if (app == nullptr) {
    return refuse(context, "", 400,
                  "Unknown auth_key: no app of this server has the key \"" + key->substr(0, 64) + '"');
  }
  return verify(context, request, *app);
}

}  // namespace fanfare::api
