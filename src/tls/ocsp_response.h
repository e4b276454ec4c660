// OCSP responses, which say that an authority has not revoked a certificate: read from a file and stapled to handshakes
// (RFC 6066 section 8). Whoever renews the certificate also fetches them; we never do.
//
// Thread: any.
#pragma once

#include <string>

#include <openssl/x509.h>

#include "base/clock.h"
#include "base/result.h"

namespace fanfare::tls {

struct OcspStaple {
  std::string der;
  WallTime next_update;  // from then on clients take it for old

  bool is_current(WallTime now) const noexcept { return now < next_update; }
};

// Fails: kInvalid, with the file: it is no response, not a good one, of another certificate, or old.
Result<OcspStaple> load_ocsp_staple(const std::string& file, const X509* certificate, WallTime now);

}  // namespace fanfare::tls
