#include "api/handlers.h"

#include <utility>

namespace fanfare::api {

namespace {

constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

}  // namespace

void respond(ApiContext& context, httpd::Responder& responder, http::Response response) {
  if (context.options.cors) response.headers.push_back({"Access-Control-Allow-Origin", "*"});
  responder.respond(std::move(response));
}

void respond_json(ApiContext& context, httpd::Responder& responder, std::string body) {
  respond(context, responder, http::json_response(std::move(body)));
}

void respond_empty_object(ApiContext& context, httpd::Responder& responder) {
  if (context.options.cors) return respond_json(context, responder, "{}");
  responder.respond_empty_object();
}

void respond_error(ApiContext& context, httpd::Responder& responder, const ApiError& error) {
  http::Response response = http::text_response(error.status, error.text);
  if (error.status == kTooManyRequests || error.status == kUnavailable) {
    response.headers.push_back({"Retry-After", "1"});
  }
  respond(context, responder, std::move(response));
}

void refuse(ApiContext& context, httpd::Responder& responder, const ApiError& error) {
  if (error.status == kTooManyRequests) {
    context.stats.rate_limited.add();
  } else if (error.status == kUnavailable) {
    context.stats.overloaded.add();
  } else {
    context.stats.refused.add();
  }
  respond_error(context, responder, error);
}

void refuse(ApiContext& context, httpd::Responder& responder, const Error& error) {
  refuse(context, responder, ApiError{status_of(error.kind), error.message});
}

}  // namespace fanfare::api
