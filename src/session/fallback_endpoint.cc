#include "session/fallback_endpoint.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/random.h"
#include "http/query.h"
#include "sockjs/iframe_page.h"
#include "sockjs/info.h"
#include "sockjs/send_body.h"

namespace fanfare::session {

namespace {

using http::Method;
using http::Request;
using sockjs::Endpoint;
using sockjs::Resource;
using sockjs::SessionUrl;

// pusher-js sends no credentials, SockJS does.
FallbackOrigin origin_for(const Request& request, const SessionUrl& url) {
  return origin_of(request, url.app_path.empty());
}

bool is_post(Endpoint endpoint) noexcept {
  return endpoint == Endpoint::kXhr || endpoint == Endpoint::kXhrStreaming || endpoint == Endpoint::kXhrSend ||
         endpoint == Endpoint::kJsonpSend;
}

void refuse_method(const FallbackOrigin& origin, std::string_view allowed, httpd::Responder responder) {
  http::Response response =
      fallback_text(405, "405 METHOD NOT ALLOWED: this path takes " + std::string(allowed), origin);
  response.headers.push_back({"Allow", std::string(allowed)});
  responder.respond(std::move(response));
}

}  // namespace

void FallbackEndpoint::add_to(httpd::Router& router) {
  for (const std::string& path : context_.options().paths) {
    router.add_subtree(path, [this, size = path.size()](const Request& request, const httpd::RouteCaptures&,
                                                        httpd::Responder responder) {
      handle(request, request.path.substr(size), std::move(responder));
    });
  }
}

void FallbackEndpoint::handle(const Request& request, std::string_view path, httpd::Responder responder) {
  if (request.method == Method::kOptions) return responder.respond(preflight_answer(request));
  const SessionUrl url = sockjs::parse_session_url(path);
  const FallbackOrigin origin = origin_for(request, url);
  if (url.resource == Resource::kUnknown) {
    return responder.respond(fallback_text(404, "404 NOT FOUND: no path of the HTTP fallbacks", origin));
  }
  if (url.resource == Resource::kSession) return handle_session(request, url, std::move(responder));
  if (request.method != Method::kGet && request.method != Method::kHead) {
    return refuse_method(origin, "GET, HEAD, OPTIONS", std::move(responder));
  }
  if (url.resource == Resource::kInfo) return handle_info(request, std::move(responder));
  if (url.resource == Resource::kIframe) return handle_iframe(request, std::move(responder));
  responder.respond(fallback_text(200, "Welcome to SockJS!", origin));
}

void FallbackEndpoint::handle_info(const Request& request, httpd::Responder responder) {
  const sockjs::InfoFacts facts{.has_websocket = false,
                                .entropy = static_cast<std::uint32_t>(secure_random_u64()),
                                .heartbeat_interval = context_.options().heartbeat};
  responder.respond(fallback_answer(200, http::kJson, sockjs::info_json(facts), origin_of(request, true)));
}

// Empty: none that may be loaded.
std::string FallbackEndpoint::script_for(const Request& request) const {
  const std::vector<std::string>& allowed = context_.options().sockjs_scripts;
  if (const std::optional<std::string> wanted = http::query_parameter(request.query, "js_path")) {
    return sockjs::is_allowed_script(allowed, *wanted) ? *wanted : std::string();
  }
  const auto first = std::ranges::find_if(allowed, [](const std::string& entry) { return !entry.ends_with('/'); });
  return first != allowed.end() && sockjs::is_allowed_script(allowed, *first) ? *first : std::string();
}

void FallbackEndpoint::handle_iframe(const Request& request, httpd::Responder responder) {
  const std::string script = script_for(request);
  if (script.empty()) {
    return responder.respond(
        fallback_text(403, "The script that this page should load is not among the server's sockjs_scripts",
                      origin_of(request, true)));
  }
  std::string page = sockjs::iframe_page(script);
  const std::string tag = sockjs::entity_tag_of(page);
  const bool is_known = request.header_has_token("If-None-Match", tag);
  http::Response response{.status = is_known ? 304 : 200, .content_type = {}, .body = {}, .headers = {}};
  if (!is_known) {
    response.content_type = "text/html; charset=UTF-8";
    response.body = std::move(page);
  }
  response.headers.push_back({"ETag", tag});
  response.headers.push_back({"Cache-Control", "public, max-age=31536000"});
  responder.respond(std::move(response));
}

void FallbackEndpoint::handle_session(const Request& request, const SessionUrl& url, httpd::Responder responder) {
  const Method expected = is_post(url.endpoint) ? Method::kPost : Method::kGet;
  if (request.method != expected) {
    return refuse_method(origin_for(request, url), is_post(url.endpoint) ? "POST, OPTIONS" : "GET, OPTIONS",
                         std::move(responder));
  }
  if (url.endpoint == Endpoint::kWebSocket) {
    return responder.respond(
        fallback_text(404, "There is no WebSocket below a session: connect to /app/<key>", origin_for(request, url)));
  }
  const core::LoopLink& link = context_.session.core.link();
  const LoopIndex home = link.loops().home_of(std::hash<std::string_view>{}(url.session));
  if (!link.is_self(home)) return responder.move_to(home, request);
  if (sockjs::is_receiver(url.endpoint)) return handle_receiver(request, url, std::move(responder));
  handle_send(request, url, std::move(responder));
}

void FallbackEndpoint::handle_receiver(const Request& request, const SessionUrl& url, httpd::Responder responder) {
  ReceiverRequest wanted{
      .endpoint = url.endpoint, .is_pusher = !url.app_path.empty(), .origin = origin_for(request, url)};
  if (url.endpoint == Endpoint::kHtmlFile || url.endpoint == Endpoint::kJsonp) {
    const std::optional<std::string> callback = http::query_parameter(request.query, "c");
    if (!callback) return responder.respond(fallback_text(500, "\"callback\" parameter required", wanted.origin));
    if (!sockjs::is_callback(*callback)) {
      return responder.respond(fallback_text(500, "invalid \"callback\" parameter", wanted.origin));
    }
    wanted.callback = *callback;
  }
  FallbackSession* session = context_.table.find(url.session);
  if (session == nullptr) session = make_session(request, url, responder);
  if (session == nullptr) {
    http::Response full = fallback_text(503, "Too many sessions wait to be let in; try again later", wanted.origin);
    full.headers.push_back({"Retry-After", "1"});
    return responder.respond(std::move(full));
  }
  session->receive(std::move(wanted), std::move(responder));
}

FallbackSession* FallbackEndpoint::make_session(const Request& request, const SessionUrl& url,
                                                const httpd::Responder& responder) {
  if (context_.table.waiting >= context_.options().waiting_max) return nullptr;
  const ClientFacts client = client_facts(context_.session, request, responder.peer_address(), responder.security());
  auto made = std::make_unique<FallbackSession>(context_, std::string(url.session), client);
  FallbackSession& session = *made;
  context_.connections.add(std::move(made));
  if (!url.app_path.empty()) session.decide({url.app_path, request.query, request.header("Origin")});
  return &session;
}

void FallbackEndpoint::handle_send(const Request& request, const SessionUrl& url, httpd::Responder responder) {
  SendRequest send{.is_jsonp = url.endpoint == Endpoint::kJsonpSend, .origin = origin_for(request, url)};
  FallbackSession* session = context_.table.find(url.session);
  if (session == nullptr) return responder.respond(fallback_text(404, "There is no such session", send.origin));
  const std::string_view body = as_text(request.body);
  if (send.is_jsonp) {
    const std::optional<std::string> payload = sockjs::payload_of_form(body, request.header("Content-Type"));
    if (!payload) return responder.respond(fallback_text(500, "Payload expected.", send.origin));
    send.body = *payload;
  } else {
    send.body = body;
  }
  session->send_messages(std::move(send), std::move(responder));
}

}  // namespace fanfare::session
