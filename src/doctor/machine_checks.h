// Memory, processors and what else of the machine matters to many connections. Pure.
#pragma once

#include "doctor/check.h"
#include "doctor/host.h"
#include "doctor/plan.h"

namespace fanfare::doctor {

// What the connections take, in user space and in the kernel, against what is available on the machine.
Check check_memory(const Plan& plan, const Host& host);
// The same against the cgroup's limit, which counts the kernel's share, too.
Check check_cgroup_memory(const Plan& plan, const Host& host);
// Above it the server cannot start its threads.
Check check_cgroup_tasks(const Plan& plan, const Host& host);
// Event loops against the cores that the process may use.
Check check_loops(const Plan& plan, const Host& host);
// Event loops against a cgroup's quota of CPU time: when it is used up all loops stand still until the next period.
Check check_cgroup_cpu(const Plan& plan, const Host& host);
Check check_transparent_huge_pages(const Plan& plan, const Host& host);
Check check_clock_source(const Plan& plan, const Host& host);
Check check_swap(const Plan& plan, const Host& host);

}  // namespace fanfare::doctor
