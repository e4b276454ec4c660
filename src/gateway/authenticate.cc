#include "gateway/authenticate.h"

#include <algorithm>
#include <utility>

#include "gateway/session_check.h"

namespace fanfare::gateway {
namespace {

using Next = std::function<void(const ExchangeRef&, const Caller&)>;

// What may stand in a quoted string of WWW-Authenticate.
std::string quotable(std::string_view text) {
  std::string clean;
  for (const char c : text) {
    if (c >= ' ' && c <= '~' && c != '"' && c != '\\') clean.push_back(c);
  }
  return clean;
}

void refuse_unknown(const ExchangeRef& exchange) {
  exchange->context().stats.tokens_refused.add();
  exchange->add_header("WWW-Authenticate", "Bearer realm=\"fanfare\"");
  exchange->refuse(401, "token_missing", "expected Authorization: Bearer <token>");
}

// Source: RFC 6750, section 3
void refuse_token(const ExchangeRef& exchange, std::string_view code, std::string_view message) {
  exchange->context().stats.tokens_refused.add();
  exchange->add_header("WWW-Authenticate", "Bearer realm=\"fanfare\", error=\"invalid_token\", error_description=\"" +
                                               quotable(message) + "\"");
  exchange->refuse(401, code, message);
}

void go_on(const ExchangeRef& exchange, const Next& next, jwt::Identity identity) {
  exchange->set_user(identity.user_id);
  access::Subject subject = subject_of(identity);
  next(exchange, Caller{.identity = std::move(identity), .subject = std::move(subject)});
}

// The token behind "Bearer ", whose case does not count; empty: another scheme, or none.
std::string_view token_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!http::equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) return {};
  std::string_view token = authorization.substr(kScheme.size());
  while (token.starts_with(' ')) token.remove_prefix(1);
  return token;
}

void verify(const ExchangeRef& exchange, const Next& next, bool may_refresh) {
  GatewayContext& context = exchange->context();
  context.keys.refresh_if_stale();
  jwt::Verdict verdict =
      context.verifier.verify(token_of(exchange->authorization()), context.keys.keys(), context.clock.wall());
  if (auto* identity = std::get_if<jwt::Identity>(&verdict)) return go_on(exchange, next, std::move(*identity));
  const auto& error = std::get<jwt::TokenError>(verdict);
  if (error.fault == jwt::TokenFault::kUnknownKey && may_refresh &&
      context.keys.try_refresh([exchange, next] { verify(exchange, next, false); })) {
    return;
  }
  refuse_token(exchange, jwt::code_of(error.fault), error.message);
}

void check_session(const ExchangeRef& exchange, const Next& next) {
  GatewayContext& context = exchange->context();
  // A cookie comes along without the user's doing: it counts only for pages that are allowed to use it.
  if (!context.cors.may_use_cookies(exchange->origin(), exchange->host())) {
    return exchange->refuse(403, "origin_forbidden", "pages of this origin may not act for a session");
  }
  context.sessions->check(exchange->cookie(), [exchange, next](SessionCheck::Outcome outcome) {
    if (auto* identity = std::get_if<jwt::Identity>(&outcome)) return go_on(exchange, next, std::move(*identity));
    const auto& error = std::get<Error>(outcome);
    if (error.kind == ErrorKind::kUnauthorized) return refuse_token(exchange, "session_unknown", error.message);
    exchange->add_header("Retry-After", "1");
    exchange->refuse(503, "session_unavailable", error.message);
  });
}

}  // namespace

access::Subject subject_of(const jwt::Identity& identity) {
  access::Subject subject{.user_id = identity.user_id, .role = identity.role};
  subject.claims.push_back({.name = "classes", .values = identity.classes});
  for (const auto& [name, values] : identity.extra) subject.claims.push_back({.name = name, .values = values});
  return subject;
}

void authenticate(const ExchangeRef& exchange, const Next& next) {
  const GatewayContext& context = exchange->context();
  if (!exchange->authorization().empty()) {
    if (token_of(exchange->authorization()).empty()) return refuse_unknown(exchange);
    return verify(exchange, next, true);
  }
  if (context.sessions != nullptr && context.sessions->applies_to(exchange->cookie())) {
    return check_session(exchange, next);
  }
  refuse_unknown(exchange);
}

}  // namespace fanfare::gateway
