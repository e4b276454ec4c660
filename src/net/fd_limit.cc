#include "net/fd_limit.h"

#include <sys/resource.h>

namespace fanfare::net {

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

}  // namespace fanfare::net
