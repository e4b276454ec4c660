#include "net/fd_limit.h"

#include <algorithm>

#include <sys/resource.h>

namespace fanfare::net {

namespace {

constexpr std::uint64_t kReservedMin = 64;
constexpr std::uint64_t kReservedUsual = 256;  // as far as a quarter of all allows it
constexpr std::uint64_t kReservedMax = 16'384;

}  // namespace

std::uint64_t raise_fd_limit(std::uint64_t wanted) noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  // With the right to do so (root, CAP_SYS_RESOURCE) the hard limit first; refused, e.g. above fs.nr_open, it stays.
  if (limit.rlim_max < wanted) {
    const rlimit both{.rlim_cur = wanted, .rlim_max = wanted};
    ::setrlimit(RLIMIT_NOFILE, &both);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  if (limit.rlim_cur < limit.rlim_max) {
    const rlimit raised{.rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &raised);
    ::getrlimit(RLIMIT_NOFILE, &limit);
  }
  return limit.rlim_cur;
}

std::uint64_t connections_within(std::uint64_t descriptors) noexcept {
  const std::uint64_t reserved =
      std::clamp(std::max(descriptors / 16, std::min(descriptors / 4, kReservedUsual)), kReservedMin, kReservedMax);
  return descriptors > 2 * reserved ? descriptors - reserved : descriptors / 2;
}

std::uint64_t descriptors_for(std::uint64_t connections) noexcept {
  // What is reserved never falls as descriptors grow, and is kReservedMax at most but for the smallest numbers, where
  // half of all is.
  std::uint64_t low = connections;
  std::uint64_t high = connections > UINT64_MAX / 2 - kReservedMax ? UINT64_MAX : 2 * connections + kReservedMax;
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (connections_within(middle) >= connections) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace fanfare::net
