// SendQueueLimits: how much may wait for one client.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fanfare::net {

// Requires low_mark <= high_mark <= bytes_max.
struct SendQueueLimits {
  std::uint32_t bytes_max = 1024 * 1024;  // what would exceed it is refused
  std::uint32_t entries_max = 4096;       // separate slices; adjacent ones count as one
  std::uint32_t high_mark = 256 * 1024;   // above it the owner should stop taking work from this client …
  std::uint32_t low_mark = 64 * 1024;     // … until on_send_drained()
};

}  // namespace fanfare::net
