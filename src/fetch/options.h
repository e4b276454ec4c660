// What outgoing HTTP may take: time, memory, connections.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace fanfare::fetch {

struct FetchOptions {
  std::chrono::milliseconds connect_timeout{5'000};   // name look-up, TCP and TLS handshake
  std::chrono::milliseconds request_timeout{10'000};  // from the start on the wire to the answer's last byte
  std::size_t response_body_bytes_max = kMiB;         // above it the request fails with kTooLarge
  std::size_t response_headers_bytes_max = 64 * kKiB;
  std::size_t concurrent_requests_max = 32;  // on the wire at a time
  std::size_t waiting_requests_max = 1'000;  // accepted and not yet on the wire; above it start() refuses
  std::string ca_file{};                     // PEM; empty: the system's certificates
  std::string user_agent = "fanfare";
};

}  // namespace fanfare::fetch
