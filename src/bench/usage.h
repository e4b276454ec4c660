// What the server and the generator use: CPU time and memory, from /proc. Linux.
#pragma once

#include <cstdint>
#include <vector>

#include <sys/types.h>

#include "base/result.h"

namespace fanfare::bench {

// Of all threads: the sum is exact but for threads that ended (those are told to 10 ms); how it parts into user and
// system time is the kernel's estimate, to 10 ms.
struct Usage {
  double user_s = 0;
  double system_s = 0;
  std::uint64_t rss_bytes = 0;  // exact, by smaps_rollup where the kernel has it

  double cpu_s() const noexcept { return user_s + system_s; }
};

// The sum over `pids`. Fails: kNotFound when one of them is not there.
Result<Usage> usage_of(const std::vector<pid_t>& pids);
// CPU time of this process, to the microsecond; no RSS.
Usage own_usage() noexcept;

}  // namespace fanfare::bench
