// The process's limit of open descriptors: every connection needs one.
#pragma once

#include <cstdint>

namespace fanfare::net {

// Raises the soft limit (RLIMIT_NOFILE) to the hard one, and the hard one to `wanted` where the process may.
// Never lowers it. Returns the limit that holds now.
std::uint64_t raise_fd_limit(std::uint64_t wanted) noexcept;

}  // namespace fanfare::net
