#include "admin/routes.h"

#include <utility>

#include "http/response.h"
#include "metrics/exposition.h"

namespace fanfare::admin {

namespace {

http::Response health_page(HealthReport report) {
  http::Response response = http::text_response(report.ok ? 200 : 503, std::move(report.text));
  response.headers.push_back({.name = "Cache-Control", .value = "no-store"});
  return response;
}

}  // namespace

void add_routes(httpd::Router& router, const HealthSource& health, const metrics::Registry* registry) {
  using httpd::Responder;
  using httpd::RouteCaptures;
  router.add(http::Method::kGet, "/live", [&health](const http::Request&, const RouteCaptures&, Responder responder) {
    responder.respond(health_page(liveness(health)));
  });
  router.add(http::Method::kGet, "/ready", [&health](const http::Request&, const RouteCaptures&, Responder responder) {
    responder.respond(health_page(readiness(health)));
  });
  if (registry == nullptr) return;
  router.add(http::Method::kGet, "/metrics",
             [registry](const http::Request&, const RouteCaptures&, Responder responder) {
               http::Response response;
               response.content_type = metrics::kTextContentType;
               response.body = metrics::prometheus_text(*registry);
               responder.respond(std::move(response));
             });
}

}  // namespace fanfare::admin
