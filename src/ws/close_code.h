// Close codes: the registry of RFC 6455 section 7.4 and which of its codes may stand in a close frame.
#pragma once

#include <cstdint>

namespace fanfare::ws {

// Values of 3000 to 4999 belong to libraries and applications (Pusher's are 4000 to 4302): cast them.
// Source: RFC 6455 section 7.4.1 and the IANA registry "WebSocket Close Code Number".
enum class CloseCode : std::uint16_t {
  kNormal = 1000,
  kGoingAway = 1001,
  kProtocolError = 1002,
  kUnsupportedData = 1003,
  kNoStatus = 1005,  // never on the wire: the close frame carried no code
  kAbnormal = 1006,  // never on the wire: the connection ended without a close frame
  kInvalidPayload = 1007,
  kPolicyViolation = 1008,
  kMessageTooBig = 1009,
  kMandatoryExtension = 1010,
  kInternalError = 1011,
  kServiceRestart = 1012,
  kTryAgainLater = 1013,
  kBadGateway = 1014,
  kTlsHandshake = 1015,  // never on the wire
};

constexpr std::uint16_t number(CloseCode code) noexcept { return static_cast<std::uint16_t>(code); }

// Whether a close frame may carry `code`, in either direction. The others are unassigned (1004, 1016 to 2999), mean the
// absence of a close frame (1005, 1006, 1015), or are no close codes (below 1000, above 4999): receiving one is a 1002.
constexpr bool is_wire_close_code(std::uint16_t code) noexcept {
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

}  // namespace fanfare::ws
