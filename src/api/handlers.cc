#include "api/handlers.h"

#include <algorithm>
#include <utility>

#include "http/query.h"
#include "http/url.h"

namespace fanfare::api {

namespace {

constexpr int kTooManyRequests = 429;
constexpr int kUnavailable = 503;

// The case of a name does not count, as in the signature.
bool belongs_to_signature(std::string_view name) {
  constexpr std::string_view kPrefix = "auth_";
  return http::equals_ignoring_case(name.substr(0, kPrefix.size()), kPrefix) ||
         http::equals_ignoring_case(name, "body_md5");
}

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

QueryParameters query_parameters(const http::Request& request) {
  QueryParameters parameters;
  http::QueryPairs pairs(request.query);
  while (const auto pair = pairs.next()) {
    // As they are sent, so that the usual request, which has nothing else, costs no decoding.
    if (belongs_to_signature(pair->name)) continue;
    std::optional<std::string> name = http::percent_decode(pair->name, http::PlusSign::kSpace);
    std::optional<std::string> value = http::percent_decode(pair->value, http::PlusSign::kSpace);
    if (!name || !value || belongs_to_signature(*name)) continue;
    parameters.emplace_back(*std::move(name), *std::move(value));
  }
  return parameters;
}

std::string extraneous_parameters(const QueryParameters& query, std::initializer_list<std::string_view> known) {
  std::string names;
  for (const auto& [name, value] : query) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (!names.empty()) names += ", ";
    names += name;
  }
  return names.empty() ? names : "The following query string parameters are extraneous: " + names;
}

}  // namespace fanfare::api
