// TlsStats: what one loop's TLS connections did.
//
// Thread: written by its loop; read by any, relaxed.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/counter.h"

namespace fanfare::tls {

// Why a handshake did not come to its end.
enum class HandshakeFailure : std::uint8_t {
  kTimeout,
  kPeerClosed,          // the client went away
  kPlainHttp,           // it spoke HTTP without TLS
  kNotTls,              // it spoke something else
  kVersion,             // it knows only versions below min_version
  kNoSharedCipher,      // it knows none of our ciphers, groups or signature algorithms
  kCertificateRefused,  // it does not trust our certificate
  kClientCertificate,   // its certificate is of no authority of ours, or expired
  kOther,
};
inline constexpr std::size_t kHandshakeFailures = 9;

// "timeout", "peer_closed", … for logs and metrics.
const char* handshake_failure_name(HandshakeFailure failure) noexcept;

struct alignas(64) TlsStats {
  Counter handshakes_tls12;
  Counter handshakes_tls13;
  Counter resumed;  // of those: by a ticket
  std::array<Counter, kHandshakeFailures> failures;
  Counter refused_at_limit;  // closed at once: too many handshakes are under way
  Gauge pending;             // handshakes under way
  Gauge open;                // connections whose handshake is done
  Counter broken;            // ended by bytes that were no valid record, or that somebody changed
};

// Those of all loops by their index, for connections that move from one to another. Filled before the loops run.
using TlsStatsOfLoops = std::vector<TlsStats*>;

}  // namespace fanfare::tls
