// The numbers 4000 to 4302: close codes of the connection and codes of pusher:error events. One table.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace fanfare::pusher {

enum class ErrorCode : std::uint16_t {
  kTlsOnly = 4000,
  kUnknownApp = 4001,
  kAppDisabled = 4003,
  kOverConnectionQuota = 4004,
  kPathNotFound = 4005,
  kInvalidVersionFormat = 4006,
  kUnsupportedProtocolVersion = 4007,
  kNoProtocolVersion = 4008,
  kUnauthorized = 4009,
  kOverCapacity = 4100,
  kReconnectImmediately = 4200,
  kPongNotReceived = 4201,
  kInactive = 4202,
  kClientEventRateLimit = 4301,
  kWatchlistLimit = 4302,
};

// What official clients do when they are closed with a code. Source: REF 1.7
enum class Reconnect : std::uint8_t {
  kWithTls,       // at once, over TLS
  kNever,         // the application must act first
  kAfterBackoff,  // after a second or more
  kImmediately,
  kStaysOpen,  // an event's code; a connection is not closed with it
};

struct ErrorCodeInfo {
  ErrorCode code;
  std::string_view name;     // snake_case: metric label and log field
  std::string_view message;  // default text, as the hosted service words it where that is known; at most 123 bytes
  Reconnect reconnect;
};

constexpr std::uint16_t number_of(ErrorCode code) noexcept { return static_cast<std::uint16_t>(code); }
const ErrorCodeInfo& info_of(ErrorCode code) noexcept;
inline std::string_view message_of(ErrorCode code) noexcept { return info_of(code).message; }
// Ascending by code.
std::span<const ErrorCodeInfo> error_codes() noexcept;

}  // namespace fanfare::pusher
