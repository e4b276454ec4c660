#include "sockjs/session_url.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

#include "http/url.h"

namespace fanfare::sockjs {

namespace {

struct NamedEndpoint {
  std::string_view name;
  Endpoint endpoint;
};
constexpr NamedEndpoint kEndpoints[] = {
    {"xhr", Endpoint::kXhr},
    {"xhr_streaming", Endpoint::kXhrStreaming},
    {"xhr_send", Endpoint::kXhrSend},
    {"eventsource", Endpoint::kEventSource},
    {"htmlfile", Endpoint::kHtmlFile},
    {"jsonp", Endpoint::kJsonp},
    {"jsonp_send", Endpoint::kJsonpSend},
    {"websocket", Endpoint::kWebSocket},
};

constexpr std::size_t kSegmentsMax = 5;

struct Segments {
  std::array<std::string_view, kSegmentsMax> parts;
  std::size_t count = 0;  // kSegmentsMax + 1: too many
};

Segments segments_of(std::string_view path) noexcept {
  Segments segments;
  http::PathSegments rest(path);
  while (const std::optional<std::string_view> segment = rest.next()) {
    if (segments.count < kSegmentsMax) segments.parts[segments.count] = *segment;
    if (++segments.count > kSegmentsMax) break;
  }
  return segments;
}

bool is_session_part(std::string_view segment) noexcept {
  return !segment.empty() && segment.find('.') == std::string_view::npos;
}

SessionUrl static_url(std::string_view name) noexcept {
  SessionUrl url;
  if (name.empty()) url.resource = Resource::kGreeting;
  if (name == "info") url.resource = Resource::kInfo;
  const bool is_iframe = name.starts_with("iframe") && name.ends_with(".html");
  if (is_iframe && (name.size() == std::string_view("iframe.html").size() || name[6] == '-')) {
    url.resource = Resource::kIframe;
  }
  return url;
}

}  // namespace

SessionUrl parse_session_url(std::string_view path) noexcept {
  const Segments segments = segments_of(path);
  if (segments.count <= 1) return static_url(segments.count == 0 ? std::string_view() : segments.parts[0]);

  const bool is_pusher = segments.count == 5 && segments.parts[0] == "app" && !segments.parts[1].empty();
  if (!is_pusher && segments.count != 3) return {};
  const std::size_t first = is_pusher ? 2 : 0;
  if (!is_session_part(segments.parts[first]) || !is_session_part(segments.parts[first + 1])) return {};
  const std::string_view name = segments.parts[first + 2];
  const auto* known = std::ranges::find(kEndpoints, name, &NamedEndpoint::name);
  if (known == std::end(kEndpoints)) return {};

  SessionUrl url;
  url.session = path.substr(1, path.size() - 1 - name.size() - 1);
  if (url.session.size() > kSessionNameBytesMax) return {};
  url.resource = Resource::kSession;
  url.endpoint = known->endpoint;
  if (is_pusher) url.app_path = path.substr(0, std::string_view("/app/").size() + segments.parts[1].size());
  return url;
}

}  // namespace fanfare::sockjs
