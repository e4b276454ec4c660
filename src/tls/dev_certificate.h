// A certificate authority for development, and a certificate of its for this machine: `fanfare serve --tls-dev`.
//
// The authority may sign for this machine's names and loopback addresses only (name constraints), so that whoever
// trusts it trusts nothing else.
//
// Thread: the main thread; it reads and writes files.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tls/options.h"

namespace fanfare::tls {

struct DevCertificate {
  CertificateFiles files;          // of the server
  std::string authority;           // PEM, to be trusted by clients
  std::vector<std::string> names;  // what it is for: "localhost", "127.0.0.1", …
  bool is_new = false;             // the authority was made just now
};

// Takes what an earlier call left in `folder` (made where it is missing, mode 0700), or makes it: ca.pem, ca.key,
// cert.pem, key.pem; keys have mode 0600. A server certificate that ends within 30 days, or is not of this authority,
// is made anew. Fails: kIo, or kInvalid when OpenSSL cannot make them.
Result<DevCertificate> dev_certificate(const std::string& folder, WallTime now);

// How to trust it, for people: the commands for browsers, Node, curl and Python.
std::string trust_help(const DevCertificate& certificate);

}  // namespace fanfare::tls
