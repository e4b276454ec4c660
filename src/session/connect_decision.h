// The connect decision: what becomes of a WebSocket that asked for a path, by the table of REF 1.3.
//
// A refusal is never an HTTP status: clients understand only close codes. Source: REF 1.2
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/app_table.h"

namespace fanfare::session {

struct ConnectRequest {
  std::string_view path;    // raw, without the query
  std::string_view query;   // raw, without the '?'
  std::string_view origin;  // the Origin header; empty: none
  bool tls = false;
};

// What the server itself has to say about new connections.
struct ServerState {
  bool draining = false;
  bool full = false;  // no place for another connection in this process
};

struct ConnectDecision {
  int protocol = 7;              // as the client sees it: 0 when it did not say
  core::AppRef app;              // null: refused before the app was known
  std::uint16_t close_code = 0;  // 0: welcome (if the quota has a place)
  std::string close_reason;

  bool is_welcome() const noexcept { return close_code == 0; }
  // Whether the client expects a pusher:error event before the close frame. Source: REF 1.4, 14.2 no. 10
  bool wants_error_event() const noexcept { return protocol <= 6; }
};

ConnectDecision decide_connect(const ConnectRequest& request, const core::AppTable& apps, const ServerState& state);

// Whether `origin` is one of the allowed ones; "*.example.com" matches any subdomain, "*" everything.
bool is_origin_allowed(const std::vector<std::string>& allowed, std::string_view origin);

}  // namespace fanfare::session
