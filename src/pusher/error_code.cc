#include "pusher/error_code.h"

#include <array>

#include "base/assert.h"

namespace fanfare::pusher {
namespace {

// Texts in the hosted service's words where REF 1.3, 1.7 and 5 know them. 4001's full text there names the key.
constexpr std::array<ErrorCodeInfo, 15> kTable{{
    {ErrorCode::kTlsOnly, "tls_only", "Application only accepts SSL connections, reconnect using wss://",
     Reconnect::kWithTls},
    {ErrorCode::kUnknownApp, "unknown_app", "App key not in this cluster. Did you forget to specify the cluster?",
     Reconnect::kNever},
    {ErrorCode::kAppDisabled, "app_disabled", "Application disabled", Reconnect::kNever},
    {ErrorCode::kOverConnectionQuota, "over_connection_quota", "Account over quota", Reconnect::kNever},
    {ErrorCode::kPathNotFound, "path_not_found", "Path not found", Reconnect::kNever},
    {ErrorCode::kInvalidVersionFormat, "invalid_version_format", "Invalid version string format", Reconnect::kNever},
    {ErrorCode::kUnsupportedProtocolVersion, "unsupported_protocol_version", "Unsupported protocol version",
     Reconnect::kNever},
    {ErrorCode::kNoProtocolVersion, "no_protocol_version", "No protocol version supplied", Reconnect::kNever},
    {ErrorCode::kUnauthorized, "unauthorized", "Connection not authorized within timeout", Reconnect::kNever},
    {ErrorCode::kOverCapacity, "over_capacity", "Over capacity", Reconnect::kAfterBackoff},
    {ErrorCode::kReconnectImmediately, "reconnect_immediately", "Please reconnect immediately",
     Reconnect::kImmediately},
    {ErrorCode::kPongNotReceived, "pong_not_received", "Pong reply not received", Reconnect::kImmediately},
    {ErrorCode::kInactive, "inactive", "Closed after inactivity", Reconnect::kImmediately},
    {ErrorCode::kClientEventRateLimit, "client_event_rate_limit", "Client event rejected due to rate limit",
     Reconnect::kStaysOpen},
    {ErrorCode::kWatchlistLimit, "watchlist_limit", "Watchlist limit exceeded", Reconnect::kStaysOpen},
}};

}  // namespace

const ErrorCodeInfo& info_of(ErrorCode code) noexcept {
  for (const ErrorCodeInfo& row : kTable) {
    if (row.code == code) return row;
  }
  FANFARE_ASSERT(false);
  return kTable.front();
}

std::span<const ErrorCodeInfo> error_codes() noexcept { return kTable; }

}  // namespace fanfare::pusher
