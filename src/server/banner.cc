#include "server/banner.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "pusher/request_signature.h"

namespace fanfare::server {

namespace {

constexpr const char* kSampleBody = R"({"name":"hello","channel":"my-channel","data":"{\"message\":\"hello world\"}"})";

std::string curl_line(const config::Credentials& app, const std::string& address, std::int64_t now_unix_s) {
  const std::string path = "/apps/" + app.app_id + "/events";
  const pusher::AppKey key(app.key, app.secret);
  const pusher::RequestToSign request{"POST", path, {}, kSampleBody};
  return fmt::format("curl -H 'Content-Type: application/json' -d '{}' \\\n    'http://{}{}?{}'", kSampleBody, address,
                     path, pusher::sign_request(key, request, now_unix_s));
}

std::string browser_snippet(const config::Credentials& app, const BannerFacts& facts) {
  return fmt::format(R"(const pusher = new Pusher("{}", {{
    cluster: "local", wsHost: "{}", wsPort: {}, forceTLS: false, enabledTransports: ["ws"],
  }});
  pusher.subscribe("my-channel").bind("hello", (data) => console.log(data));)",
                     app.key, facts.host, facts.port);
}

std::string credentials_text(const config::Loaded& loaded, const config::Credentials& app) {
  const std::string secret = loaded.first_app ? app.secret : "(as configured)";
  return fmt::format("  PUSHER_APP_ID={}\n  PUSHER_KEY={}\n  PUSHER_SECRET={}\n", app.app_id, app.key, secret);
}

}  // namespace

std::string banner(const config::Loaded& loaded, const BannerFacts& facts) {
  const std::string address = fmt::format("{}:{}", facts.host, facts.port);
  std::string text =
      fmt::format("\nFanfare is listening on http://{} (WebSocket: ws://{}), for up to {} connections.\n", address,
                  address, facts.connections_max);
  if (!facts.tls_address.empty()) text += fmt::format("With TLS: https://{0} (wss://{0})\n", facts.tls_address);
  if (!facts.metrics_address.empty())
    text += fmt::format("Metrics and health: http://{}/metrics\n", facts.metrics_address);
  if (!facts.gateway_address.empty()) {
    text += fmt::format("Gateway for your users' tokens: http://{0}/api/v1, its health: http://{0}/health\n",
                        facts.gateway_address);
  }
  if (loaded.credentials.empty()) return text + "\nNo enabled app: add one to the configuration and send SIGHUP.\n\n";

  const config::Credentials& app = loaded.credentials.front();
  if (loaded.first_app) {
    text += fmt::format("\n{} app, kept in {}:\n", loaded.first_app->is_new ? "Made a new" : "Your",
                        loaded.first_app->path);
  } else {
    text += fmt::format("\nThe first of {} configured app(s):\n", loaded.config.apps.size());
  }
  text += credentials_text(loaded, app);
  text += fmt::format("\nIn the browser (pusher-js):\n  {}\n", browser_snippet(app, facts));
  text += fmt::format("\nIn a server SDK: host {}, port {}, scheme http.\n", facts.host, facts.port);
  if (loaded.first_app) {
    text += fmt::format("\nPublish an event (this line is signed for the next 10 minutes):\n  {}\n",
                        curl_line(app, address, facts.now_unix_s));
  }
  text +=
      "\nOr: fanfare trigger my-channel hello '{\"message\":\"hello world\"}', and fanfare listen my-channel to "
      "watch.\n";
  return text + "Stop with Ctrl-C.\n\n";
}

}  // namespace fanfare::server
