// The server's side of the opening handshake (RFC 6455 section 4.2): from the facts of an HTTP request to a decision.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fanfare::ws {

// The one subprotocol that we speak; echoed when offered. Source: REF 1.1
inline constexpr std::string_view kPusherSubprotocol = "pusher-channels-protocol-7";

// What the request said. Absent headers are empty; the values of a repeated one are joined with ",".
struct UpgradeRequest {
  std::string_view method{};
  int http_major = 1;
  int http_minor = 1;
  std::string_view upgrade{};     // Upgrade
  std::string_view connection{};  // Connection
  std::string_view key{};         // Sec-WebSocket-Key
  std::string_view version{};     // Sec-WebSocket-Version
  std::string_view protocols{};   // Sec-WebSocket-Protocol
  std::string_view extensions{};  // Sec-WebSocket-Extensions
};

struct HeaderField {
  std::string_view name;
  std::string_view value;
};

enum class UpgradeVerdict : std::uint8_t {
  kNotAnUpgrade,  // an ordinary HTTP request: route it as such
  kRefused,       // wants a WebSocket in a way that we cannot give: answer with status, headers and reason
  kAccepted,      // answer with switching_protocols_response()
};

struct UpgradeDecision {
  UpgradeVerdict verdict = UpgradeVerdict::kNotAnUpgrade;
  // With kRefused:
  int status = 0;                        // 400, 405 or 426
  std::string reason;                    // one line for people: what was expected and what came
  std::span<const HeaderField> headers;  // what the status obliges us to send; static
  // With kAccepted:
  std::string accept;            // the value of Sec-WebSocket-Accept
  std::string_view subprotocol;  // the one to echo; empty: none. Static
};

UpgradeDecision decide_upgrade(const UpgradeRequest& request);

// The 101 response to an accepted request, up to and including its empty line. `more_headers` are added as they are.
// REQUIRES: decision.verdict == kAccepted.
std::string switching_protocols_response(const UpgradeDecision& decision,
                                         std::span<const HeaderField> more_headers = {});

// Sec-WebSocket-Accept for a key. Source: RFC 6455 section 1.3
std::string accept_for_key(std::string_view key);

}  // namespace fanfare::ws
