// Plan: what the host is to carry, and what that takes. Pure.
//
// The figures a connection are measured; docs/capacity.md says how, and what they come to for a million.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.h"

namespace fanfare::config {
struct Config;
}

namespace fanfare::doctor {

inline constexpr std::uint64_t kServerBytes = 16 * kMiB;          // RSS of a server without a connection
inline constexpr std::uint64_t kUserBytesPerConnection = 488;     // RSS, idle, with one subscription
inline constexpr std::uint64_t kKernelBytesPerConnection = 4096;  // socket, its inode and file, the epoll set's entry
// Threads beside the loops: main, metrics, log writer, gateway, outgoing HTTP, webhooks.
inline constexpr std::uint64_t kOtherThreads = 6;

struct Plan {
  std::uint64_t connections = 10'000;
  std::uint64_t loops = 0;  // as configured; 0: one for each core that the process may use
  std::uint64_t listen_backlog = 4096;
  std::vector<std::uint16_t> ports{};  // to listen on, without those that the kernel picks
};

// The connections are `wanted`; else what the configuration allows (server.connections_max, or the sum of all apps' own
// limits where each has one); else 10,000.
Plan plan_of(const config::Config& config, std::optional<std::uint64_t> wanted);

// Memory of the idle server with all its connections, the kernel's share included.
std::uint64_t idle_bytes(const Plan& plan) noexcept;
// Once an event is on its way to every connection: a socket with unacknowledged bytes is charged a page at least.
std::uint64_t fan_out_bytes(const Plan& plan, std::uint64_t page_bytes) noexcept;

}  // namespace fanfare::doctor
