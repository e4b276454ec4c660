#include "session/connect_decision.h"

#include <algorithm>
#include <charconv>

#include "http/query.h"
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

// A close reason is short, UTF-8 and for people: a key with anything else in it is shown as it was sent.
std::string shown(const std::string& key, std::string_view path) {
  constexpr std::size_t kShownBytes = 40;
  const bool is_plain = std::all_of(key.begin(), key.end(), [](char c) { return c >= ' ' && c <= '~'; });
  std::string text = is_plain ? key : std::string(path.substr(path.rfind('/') + 1));
  if (text.size() > kShownBytes) text = text.substr(0, kShownBytes) + "...";
  return text;
}

std::string_view host_of_origin(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  std::string_view host = scheme == std::string_view::npos ? origin : origin.substr(scheme + 3);
  return host.substr(0, host.find_first_of(":/"));
}

}  // namespace

bool is_origin_allowed(const std::vector<std::string>& allowed, std::string_view origin) {
  if (allowed.empty()) return true;
  const std::string_view host = host_of_origin(origin);
  for (const std::string& pattern : allowed) {
    if (pattern == "*" || pattern == origin || pattern == host) return true;
    if (pattern.starts_with("*.") && host.size() > pattern.size() - 1 &&
        host.substr(host.size() - (pattern.size() - 1)) == std::string_view(pattern).substr(1)) {
      return true;
    }
  }
  return false;
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
