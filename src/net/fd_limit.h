// The process's limit of open descriptors: every connection needs one.
#pragma once

#include <cstdint>

namespace fanfare::net {

// What the server asks for: room for a million connections.
inline constexpr std::uint64_t kDescriptorsWanted = 1'048'576;

// Raises the soft limit (RLIMIT_NOFILE) to the hard one, and the hard one to `wanted` where the process may.
// Never lowers it. Returns the limit that holds now.
std::uint64_t raise_fd_limit(std::uint64_t wanted) noexcept;

// Client connections that so many descriptors allow. The rest, a sixteenth (64 to 16,384), is for listeners, logs and
// HTTP requests, which must be answered even when no further client finds a place.
std::uint64_t connections_within(std::uint64_t descriptors) noexcept;
// The fewest descriptors that allow so many client connections.
std::uint64_t descriptors_for(std::uint64_t connections) noexcept;

}  // namespace fanfare::net
