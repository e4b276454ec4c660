#include "doctor/doctor.h"

#include <algorithm>
#include <array>

#include "doctor/file_checks.h"
#include "doctor/machine_checks.h"
#include "doctor/network_checks.h"

namespace fanfare::doctor {

namespace {

using HostCheck = Check (*)(const Plan&, const Host&);
constexpr std::array<HostCheck, 19> kHostChecks{
    // What others stand on comes first: a limit cannot be raised above fs.nr_open.
    check_nr_open,
    check_open_files_hard,
    check_open_files_soft,
    check_file_max,
    check_memory,
    check_cgroup_memory,
    check_tcp_mem,
    check_tcp_wmem,
    check_tcp_rmem,
    check_somaxconn,
    check_syn_backlog,
    check_local_ports,
    check_conntrack,
    check_loops,
    check_cgroup_cpu,
    check_cgroup_tasks,
    check_transparent_huge_pages,
    check_clock_source,
    check_swap,
};

}  // namespace

std::vector<Check> check_host(const Plan& plan, const Host& host) {
  std::vector<Check> checks;
  checks.reserve(kHostChecks.size());
  for (const HostCheck check : kHostChecks) checks.push_back(check(plan, host));
  return checks;
}

Verdict worst_of(const std::vector<Check>& checks) noexcept {
  Verdict worst = Verdict::kOk;
  for (const Check& check : checks) worst = std::max(worst, check.verdict);
  return worst;
}

}  // namespace fanfare::doctor
