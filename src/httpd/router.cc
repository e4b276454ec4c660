#include "httpd/router.h"

#include <algorithm>
#include <utility>

#include "base/assert.h"
#include "http/url.h"

namespace fanfare::httpd {

std::string_view RouteCaptures::operator[](std::string_view name) const noexcept {
  const auto end = captures_.begin() + static_cast<std::ptrdiff_t>(count_);
  const auto found = std::find_if(captures_.begin(), end, [&](const Capture& one) { return one.name == name; });
  FANFARE_ASSERT(found != end);
  return found->is_decoded ? std::string_view(found->decoded) : found->raw;
}

bool RouteCaptures::decode(Capture& capture) {
  if (http::is_percent_free(capture.raw)) return true;
  capture.decoded.clear();
  capture.is_decoded = true;
  return http::append_percent_decoded(capture.decoded, capture.raw);
}

void Router::add(http::Method method, std::string_view pattern, RouteHandler handler) {
  FANFARE_ASSERT(pattern.starts_with('/') && handler);
  Route route{.method = method, .segments = {}, .handler = std::move(handler)};
  std::size_t captures = 0;
  http::PathSegments segments(pattern);
  while (const std::optional<std::string_view> segment = segments.next()) {
    const bool is_capture = segment->size() > 2 && segment->front() == '{' && segment->back() == '}';
    captures += is_capture ? 1 : 0;
    route.segments.push_back(
        {std::string(is_capture ? segment->substr(1, segment->size() - 2) : *segment), is_capture});
  }
  FANFARE_ASSERT(captures <= RouteCaptures::kMax);
  routes_.push_back(std::move(route));
}

void Router::add_subtree(std::string_view prefix, RouteHandler handler) {
  FANFARE_ASSERT(prefix.starts_with('/') && !prefix.ends_with('/') && handler);
  subtrees_.push_back({std::string(prefix), std::move(handler)});
}

void Router::route(const http::Request& request, Responder responder) const {
  const http::Method method = request.method == http::Method::kHead ? http::Method::kGet : request.method;
  RouteCaptures captures;
  for (const Route& route : routes_) {
    if (route.method != method && route.method != request.method) continue;
    if (!matches(route, request.path, captures)) continue;
    for (std::size_t i = 0; i < captures.count_; ++i) {
      if (captures.decode(captures.captures_[i])) continue;
      return responder.respond(refusal(
          400, "The path is not percent-encoded correctly: a '%' without two hexadecimal digits behind it", &request));
    }
    return route.handler(request, captures, std::move(responder));
  }
  for (const Subtree& subtree : subtrees_) {
    if (is_below(request.path, subtree.prefix)) return subtree.handler(request, RouteCaptures(), std::move(responder));
  }
  if (request.method == http::Method::kOptions && options_handler_) {
    return options_handler_(request, RouteCaptures(), std::move(responder));
  }
  refuse(request, std::move(responder));
}

http::Response Router::refusal(int status, std::string text, const http::Request* request) const {
  return refusal_ ? refusal_(status, std::move(text), request) : http::text_response(status, std::move(text));
}

bool Router::matches(const Route& route, std::string_view path, RouteCaptures& captures) {
  captures.count_ = 0;
  http::PathSegments segments(path);
  for (const Segment& expected : route.segments) {
    const std::optional<std::string_view> segment = segments.next();
    if (!segment) return false;
    if (!expected.is_capture) {
      if (*segment != expected.text) return false;
      continue;
    }
    if (segment->empty()) return false;
    RouteCaptures::Capture& capture = captures.captures_[captures.count_++];
    capture.name = expected.text;
    capture.raw = *segment;
    capture.is_decoded = false;
  }
  return !segments.next().has_value();
}

std::string Router::allowed_methods(std::string_view path) const {
  std::array<bool, http::kMethods> allowed{};
  RouteCaptures captures;
  for (const Route& route : routes_) {
    if (matches(route, path, captures)) allowed[static_cast<std::size_t>(route.method)] = true;
  }
  if (allowed[static_cast<std::size_t>(http::Method::kGet)])
    allowed[static_cast<std::size_t>(http::Method::kHead)] = true;
  std::string list;
  for (std::size_t i = 0; i < allowed.size(); ++i) {
    if (!allowed[i]) continue;
    if (!list.empty()) list += ", ";
    list += http::method_name(static_cast<http::Method>(i));
  }
  return list;
}

void Router::refuse(const http::Request& request, Responder responder) const {
  std::string allowed = allowed_methods(request.path);
  // Source: REF 9.2, unknown route
  if (allowed.empty()) {
    std::string text = "404 NOT FOUND";
    if (not_found_hint_) text += ": " + not_found_hint_(request);
    return responder.respond(refusal(404, std::move(text), &request));
  }
  http::Response response = refusal(405, "405 METHOD NOT ALLOWED: this path takes " + allowed, &request);
  response.headers.push_back({"Allow", std::move(allowed)});
  responder.respond(std::move(response));
}

}  // namespace fanfare::httpd
