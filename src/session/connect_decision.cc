#include "session/connect_decision.h"

#include <algorithm>
#include <charconv>

#include "http/query.h"
#include "http/request.h"
#include "http/url.h"
#include "pusher/error_code.h"

namespace fanfare::session {

namespace {

using pusher::ErrorCode;

ConnectDecision refuse(ConnectDecision decision, ErrorCode code, std::string reason = {}) {
  decision.close_code = pusher::number_of(code);
  decision.close_reason = reason.empty() ? std::string(pusher::message_of(code)) : std::move(reason);
  return decision;
}

// The key of ".../app/<key>"; a prefix before it is a matter of proxies and of pusher-js's wsPath. Source: REF 1.1
std::optional<std::string> key_of_path(std::string_view path) {
  const std::size_t last = path.rfind('/');
  if (last == std::string_view::npos || last + 1 == path.size()) return std::nullopt;
  constexpr std::string_view kApp = "/app";
  const std::string_view before = path.substr(0, last);
  if (before.size() < kApp.size() || before.substr(before.size() - kApp.size()) != kApp) return std::nullopt;
  return http::percent_decode(path.substr(last + 1));
}

// Nothing: the parameter is missing. A negative number: it is there and not an integer.
std::optional<int> protocol_of_query(std::string_view query) {
  const std::optional<std::string> text = http::query_parameter(query, "protocol");
  if (!text) return std::nullopt;
  int number = -1;
  const char* end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, number);
  return parsed.ec == std::errc{} && parsed.ptr == end && number >= 0 ? number : -1;
}

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

// A close reason is short, UTF-8 and for people: a key with anything else in it is shown as it was sent.
std::string shown(std::string_view key, std::string_view path) {
  constexpr std::size_t kShownBytes = 40;
  if (!is_plain(key)) key = path.substr(path.rfind('/') + 1);
  if (!is_plain(key)) return "(not ASCII)";
  return key.size() > kShownBytes ? std::string(key.substr(0, kShownBytes)) + "..." : std::string(key);
}

std::string_view host_of_origin(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  const std::string_view host = scheme == std::string_view::npos ? origin : origin.substr(scheme + 3);
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);  // an IPv6 address
  return host.substr(0, host.find_first_of(":/"));
}

bool matches_origin(std::string_view pattern, std::string_view origin, std::string_view host) {
  if (pattern == "*" || http::equals_ignoring_case(pattern, origin) || http::equals_ignoring_case(pattern, host)) {
    return true;
  }
  if (!pattern.starts_with("*.")) return false;
  const std::string_view domain = pattern.substr(1);  // with its dot
  return host.size() > domain.size() && http::equals_ignoring_case(host.substr(host.size() - domain.size()), domain);
}

}  // namespace

bool is_origin_allowed(const std::vector<std::string>& allowed, std::string_view origin) {
  if (allowed.empty()) return true;
  const std::string_view host = host_of_origin(origin);
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const std::string& pattern) { return matches_origin(pattern, origin, host); });
}

ConnectDecision decide_connect(const ConnectRequest& request, const core::AppTable& apps, const ServerState& state) {
  constexpr int kOldest = 4;
  constexpr int kNewest = 7;
  ConnectDecision decision;
  const std::optional<int> protocol = protocol_of_query(request.query);
  decision.protocol = protocol.value_or(0);

  const std::optional<std::string> key = key_of_path(request.path);
  if (!key) return refuse(std::move(decision), ErrorCode::kPathNotFound);

  const core::AppRef* app = apps.find_by_key(*key);
  const bool lenient = app != nullptr && (*app)->switches.allow_missing_protocol;
  if (!protocol) {
    if (!lenient) return refuse(std::move(decision), ErrorCode::kNoProtocolVersion);
    decision.protocol = kNewest;
  } else if (*protocol < 0) {
    decision.protocol = 0;
    return refuse(std::move(decision), ErrorCode::kInvalidVersionFormat);
  } else if (*protocol < kOldest || (*protocol > kNewest && !lenient)) {
    return refuse(std::move(decision), ErrorCode::kUnsupportedProtocolVersion);
  }

  const pusher::AppKey* used = app == nullptr ? nullptr : (*app)->keys.find(*key);
  if (used == nullptr || !used->enabled) {
    return refuse(
        std::move(decision), ErrorCode::kUnknownApp,
        "App key " + shown(*key, request.path) + " not in this cluster. Did you forget to specify the cluster?");
  }
  decision.app = *app;
  const core::App& found = **app;
  if (!found.switches.enabled) return refuse(std::move(decision), ErrorCode::kAppDisabled);
  if (found.switches.tls_only && !request.tls) return refuse(std::move(decision), ErrorCode::kTlsOnly);
  if (!is_origin_allowed(found.allowed_origins, request.origin)) {
    return refuse(std::move(decision), ErrorCode::kUnauthorized, "Origin not allowed");
  }
  if (state.draining) return refuse(std::move(decision), ErrorCode::kReconnectImmediately);
  if (state.full) return refuse(std::move(decision), ErrorCode::kOverCapacity);
  return decision;
}

}  // namespace fanfare::session
