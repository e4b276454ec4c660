#include "bench/open_files.h"

#include <string>

#include "base/startup_error.h"
#include "net/fd_limit.h"

namespace fanfare::bench {

void claim_open_files(std::uint64_t connections) {
  constexpr std::uint64_t kOthers = 64;  // files, the loop, what a run reads of /proc
  const std::uint64_t limit = net::raise_fd_limit(connections + kOthers);
  if (limit >= connections + kOthers) return;
  throw StartupError("the limit of open files is " + std::to_string(limit) + ", too few for " +
                     std::to_string(connections) + " connections: raise it with `ulimit -n`");
}

}  // namespace fanfare::bench
