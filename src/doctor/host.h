// Host: what was found out about a machine and a process on it. Pure values, so that the checks are tried at each
// boundary.
//
// Empty: could not be read. Containers hide some of it, and a kernel has only what it was built with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fanfare::doctor {

// A limit of the cgroup, or of one above it: the one that leaves least.
struct CgroupLimit {
  std::uint64_t limit = 0;  // bytes, or tasks
  std::uint64_t used = 0;   // bytes without what the kernel can drop at once; tasks
  std::string file{};       // that holds the limit

  std::uint64_t left() const noexcept { return limit > used ? limit - used : 0; }
};

struct CgroupQuota {
  double cores = 0;  // 1.5: so much CPU time in each second
  std::string file{};
};

// Empty members: no limit.
struct Cgroup {
  std::optional<CgroupLimit> memory{};
  std::optional<CgroupLimit> tasks{};
  std::optional<CgroupQuota> cpu{};
};

// Three figures of tcp(7): for tcp_mem low, pressure and high, in pages; for tcp_rmem and tcp_wmem the least, the first
// and the largest buffer of a socket, in bytes.
struct Triple {
  std::uint64_t low = 0;
  std::uint64_t middle = 0;
  std::uint64_t high = 0;
};

struct PortRange {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  std::uint64_t size() const noexcept { return last >= first ? last - first + 1 : 0; }
};

struct Host {
  // The process. kUnlimited where it has no limit.
  std::optional<std::uint64_t> open_files_soft{};  // RLIMIT_NOFILE
  std::optional<std::uint64_t> open_files_hard{};
  bool may_raise_limits = false;                // CAP_SYS_RESOURCE
  std::optional<std::uint64_t> usable_cores{};  // of sched_setaffinity and cpusets
  Cgroup cgroup{};

  // The whole machine.
  std::optional<std::uint64_t> nr_open{};           // the highest RLIMIT_NOFILE of any process
  std::optional<std::uint64_t> file_max{};          // open files of all processes
  std::optional<std::uint64_t> files_allocated{};   // and how many there are
  std::optional<std::uint64_t> memory_available{};  // bytes
  std::optional<std::uint64_t> swap_total{};        // bytes
  std::optional<std::uint64_t> swappiness{};
  std::string transparent_huge_pages{};      // "always", "madvise", "never"; empty: the kernel has none
  std::string clock_source{};                // "tsc"
  std::vector<std::string> clock_sources{};  // that could be chosen
  std::uint64_t page_bytes = 4096;

  // The network.
  std::optional<std::uint64_t> somaxconn{};
  std::optional<std::uint64_t> tcp_max_syn_backlog{};
  std::optional<std::uint64_t> tcp_syncookies{};
  std::optional<PortRange> local_ports{};
  std::optional<Triple> tcp_mem{};
  std::optional<Triple> tcp_rmem{};
  std::optional<Triple> tcp_wmem{};
  std::optional<std::uint64_t> conntrack_max{};  // empty: connections are not tracked
  std::optional<std::uint64_t> conntrack_count{};
};

}  // namespace fanfare::doctor
