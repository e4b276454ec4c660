// TlsContext: certificates, keys and rules of a TLS listener, as connections need them.
//
// A snapshot: when files change, a new one takes its place, and connections keep the one that they began with.
//
// Thread: immutable; any. load() reads files and may block.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "tls/options.h"
#include "tls/ticket_keys.h"

struct ssl_st;      // OpenSSL's SSL
struct ssl_ctx_st;  // and SSL_CTX

namespace fanfare::tls {

// What is known of a certificate, for logs and metrics.
struct CertificateFacts {
  std::string file;
  std::vector<std::string> names;
  std::int64_t not_after_unix_s = 0;
  std::string ocsp_problem;  // why the OCSP response is not stapled; empty: it is, or there is none
};

class TlsContext {
 public:
  // REQUIRES: `options` has a certificate.
  // Fails: kInvalid, with the file and what is wrong with it: no such file, not PEM, the key of another certificate. A
  //        certificate that has expired is taken: its facts tell.
  static Result<std::shared_ptr<const TlsContext>> load(const TlsOptions& options, const TicketKeys& tickets,
                                                        WallTime now);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  const std::vector<CertificateFacts>& certificates() const noexcept { return facts_; }
  const TicketKeys& tickets() const noexcept { return tickets_; }

  // For TlsEngine: the server's side of a new connection. Null: no memory.
  ssl_st* new_connection() const noexcept;

 private:
  struct Entry;
  friend struct ContextCallbacks;

  explicit TlsContext(const TicketKeys& tickets);
  Status add(const CertificateFiles& files, const TlsOptions& options, WallTime now);
  // The entry whose names fit `host` best: an exact name, then a wildcard, then the first.
  const Entry& entry_for(std::string_view host) const noexcept;

  TicketKeys tickets_;
  std::vector<std::unique_ptr<Entry>> entries_;
  std::vector<CertificateFacts> facts_;
};

// Whether a certificate for `pattern` is one for `host`: the same name, in any case, or a wildcard for its first label,
// which stands for exactly one. Source: RFC 6125 section 6.4.3
bool matches_name(std::string_view pattern, std::string_view host) noexcept;

}  // namespace fanfare::tls
