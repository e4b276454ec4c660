// The file that tells whoever started this process that it serves, and where.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fanfare::server {

struct ReadyFacts {
  std::uint16_t port = 0;
  std::uint16_t metrics_port = 0;
  std::optional<std::uint16_t> gateway_port{};  // of a gateway inside the server
  std::optional<std::uint16_t> tls_port{};      // of a TLS listener
};

// Complete, or not there. Empty path: nothing is written. Wire: {"port":6001,"metrics_port":9601,"pid":7}; with a
// gateway inside also "gateway_port", with TLS also "tls_port".
// Fails: StartupError.
void write_ready_file(const std::string& path, const ReadyFacts& facts);

}  // namespace fanfare::server
