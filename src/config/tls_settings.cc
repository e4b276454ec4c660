// [tls]: the listener for wss and https. Its list of further certificates is read in certificates_reader.cc.
#include "config/settings.h"

namespace fanfare::config {

namespace {

using tls::CertificateFiles;
using tls::TlsOptions;

constexpr std::string_view kVersions[] = {"1.2", "1.3"};
constexpr std::int64_t kPathMax = 4'096;
constexpr std::int64_t kHostMax = 255;
constexpr std::int64_t kPortMax = 65'535;

// A file that takes effect when it is named anew and the configuration reloaded.
SettingInfo file(std::string_view key, std::string_view what) {
  return {.table = "tls", .key = key, .max = kPathMax, .text = what, .reloadable = true};
}

std::vector<Setting<Config>> certificate_settings() {
  constexpr auto kMain = &TlsOptions::main;
  return {
      setting<Config, &Config::tls, kMain, &CertificateFiles::certificate>(
          file("certificate",
               "PEM file with the server's certificate and, behind it, those between it and its "
               "authority. Naming one opens the TLS port.")),
      setting<Config, &Config::tls, kMain, &CertificateFiles::key>(
          file("key", "PEM file with its key, without a passphrase.")),
      setting<Config, &Config::tls, kMain, &CertificateFiles::ocsp_response>(
          file("ocsp_response", "DER file with an OCSP response about it, to be stapled. Empty: none.")),
      setting<Config, &Config::tls, &TlsOptions::client_ca>(
          {.table = "tls",
           .key = "client_ca",
           .max = kPathMax,
           .text =
               "PEM file with authorities: requests of the HTTP API then need TLS and a client certificate of theirs "
               "(403). Empty: the API asks for none."}),
      setting<Config, &Config::tls, &TlsOptions::min_version>({.table = "tls",
                                                               .key = "min_version",
                                                               .choices = kVersions,
                                                               .text = "The oldest version of TLS that is spoken.",
                                                               .reloadable = true}),
  };
}

}  // namespace

std::vector<Setting<Config>> tls_settings() {
  std::vector<Setting<Config>> all = {
      setting<Config, &Config::tls, &TlsOptions::host>(
          {.table = "tls", .key = "host", .min = 1, .max = kHostMax, .text = "Address to listen on for TLS."}),
      setting<Config, &Config::tls, &TlsOptions::port>(
          {.table = "tls",
           .key = "port",
           .max = kPortMax,
           .zero = "the kernel picks a free one",
           .text = "TCP port of `wss` and `https`. It is open when there is a certificate."}),
      setting<Config, &Config::tls, &TlsOptions::dev>(
          {.table = "tls",
           .key = "dev",
           .text = "For development: make a certificate authority and a certificate for this machine, keep them in "
                   "`tls/` in the data folder and print how to trust them."}),
  };
  for (Setting<Config>& setting : certificate_settings()) all.push_back(setting);
  std::vector<Setting<Config>> more = {
      setting<Config, &Config::tls, &TlsOptions::redirect_http>(
          {.table = "tls",
           .key = "redirect_http",
           .text = "Send browsers that ask the plain port for a page to the TLS port (307). WebSockets, the HTTP API "
                   "and the transports of pusher-js are never redirected."}),
      setting<Config, &Config::tls, &TlsOptions::reload_interval>(
          {.table = "tls",
           .key = "reload_seconds",
           .max = 86'400,
           .zero = "only on SIGHUP",
           .text = "How often the files are looked at; changed ones are taken for new connections."}),
      setting<Config, &Config::tls, &TlsOptions::handshake_timeout>(
          {.table = "tls",
           .key = "handshake_timeout_ms",
           .min = 10,
           .max = 3'600'000,
           .text = "From a connection's begin to the end of its handshake; then it is closed."}),
      setting<Config, &Config::tls, &TlsOptions::handshakes_per_turn>(
          {.table = "tls",
           .key = "handshakes_per_turn",
           .min = 1,
           .max = 10'000,
           .unit = "handshakes",
           .text = "Handshake steps that a loop takes before it serves its other connections again."}),
  };
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

}  // namespace fanfare::config
