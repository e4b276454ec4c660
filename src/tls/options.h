// What can be set about TLS; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace fanfare::tls {

// One certificate and what belongs to it.
struct CertificateFiles {
  std::string certificate{};         // PEM: the server's own certificate first, then those between it and the authority
  std::string key{};                 // PEM, without a passphrase
  std::string ocsp_response{};       // DER, to be stapled; empty: none
  std::vector<std::string> names{};  // host names it is shown for, "*.example.com" too; empty: those that it carries

  friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

enum class MinVersion : std::uint8_t { kTls12, kTls13 };

struct TlsOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6443;  // 0: the kernel picks one

  // The listener is there when there is a certificate. The first one is shown to clients that name none of the hosts.
  CertificateFiles main{};
  std::vector<CertificateFiles> more{};
  // A certificate authority of our own making, for development.
  bool dev = false;

  MinVersion min_version = MinVersion::kTls12;
  // PEM with authorities: requests of the HTTP API then need a client certificate of theirs. Empty: nobody is asked.
  std::string client_ca{};

  // From the connection's begin to the end of its handshake.
  std::chrono::milliseconds handshake_timeout{10'000};
  // What one loop spends of a turn on handshakes, whose arithmetic is slow: the others wait for the next turn.
  std::size_t handshakes_per_turn = 16;
  // How often the files are looked at for changes; 0: only on SIGHUP.
  std::chrono::seconds reload_interval{60};
  // Send browsers that ask for a page without TLS to the same page with it.
  bool redirect_http = false;

  // Every certificate that is configured, the first of them the default one.
  std::vector<CertificateFiles> certificates() const {
    std::vector<CertificateFiles> all;
    if (!main.certificate.empty()) all.push_back(main);
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  bool enabled() const { return dev || !main.certificate.empty() || !more.empty(); }
};

}  // namespace fanfare::tls
