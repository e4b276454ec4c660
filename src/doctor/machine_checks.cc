#include "doctor/machine_checks.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "doctor/quantity.h"
#include "net/loop_group.h"

namespace fanfare::doctor {

namespace {

// As net::LoopGroup makes them.
std::uint64_t loops_of(const Plan& plan, const Host& host) {
  return plan.loops != 0 ? plan.loops
                         : std::min<std::uint64_t>(host.usable_cores.value_or(1), net::LoopGroup::kLoopsMax);
}

std::string memory_need(const Plan& plan, const Host& host) {
  return fmt::format("{} for {} idle connections, {} while an event goes to all of them", bytes_text(idle_bytes(plan)),
                     grouped(plan.connections), bytes_text(fan_out_bytes(plan, host.page_bytes)));
}

Verdict memory_verdict(const Plan& plan, const Host& host, std::uint64_t left) {
  if (left < idle_bytes(plan)) return Verdict::kFail;
  return left < fan_out_bytes(plan, host.page_bytes) ? Verdict::kWarn : Verdict::kOk;
}

Remedy set_loops(std::uint64_t loops) { return {"fanfare.toml, [server]", fmt::format("loops = {}", loops)}; }

}  // namespace

Check check_memory(const Plan& plan, const Host& host) {
  Check check{.id = "memory", .needed = memory_need(plan, host)};
  if (!host.memory_available) return unknown(std::move(check), "/proc/meminfo");
  check.found = bytes_text(*host.memory_available) + " available";
  check.verdict = memory_verdict(plan, host, *host.memory_available);
  if (check.verdict == Verdict::kOk) return check;
  const std::uint64_t fitting = (*host.memory_available - std::min(*host.memory_available, kServerBytes)) /
                                (kUserBytesPerConnection + kKernelBytesPerConnection + host.page_bytes);
  // 0 would be no limit at all.
  if (fitting > 0) check.remedies = {{"fanfare.toml, [server]", fmt::format("connections_max = {}", fitting)}};
  return check;
}

Check check_cgroup_memory(const Plan& plan, const Host& host) {
  Check check{.id = "cgroup_memory", .needed = memory_need(plan, host)};
  if (!host.cgroup.memory) {
    check.found = "no limit";
    return check;
  }
  const CgroupLimit& memory = *host.cgroup.memory;
  check.found = fmt::format("limit {}, {} in use ({})", bytes_text(memory.limit), bytes_text(memory.used), memory.file);
  check.verdict = memory_verdict(plan, host, memory.left());
  if (check.verdict == Verdict::kOk) return check;
  const std::uint64_t limit = plus(memory.used, fan_out_bytes(plan, host.page_bytes));
  check.remedies = {{"systemd unit, [Service]", fmt::format("MemoryMax={}", limit)},
                    {"docker run", fmt::format("--memory {}", limit)}};
  return check;
}

Check check_cgroup_tasks(const Plan& plan, const Host& host) {
  const std::uint64_t needed = loops_of(plan, host) + kOtherThreads;
  Check check{.id = "cgroup_tasks", .needed = fmt::format("{} threads", needed)};
  if (!host.cgroup.tasks) {
    check.found = "no limit";
    return check;
  }
  const CgroupLimit& tasks = *host.cgroup.tasks;
  check.found = fmt::format("limit {}, {} in use ({})", grouped(tasks.limit), grouped(tasks.used), tasks.file);
  if (tasks.left() >= needed) return check;
  check.verdict = Verdict::kFail;
  const std::uint64_t limit = tasks.used + 2 * needed;
  check.remedies = {{"systemd unit, [Service]", fmt::format("TasksMax={}", limit)},
                    {"docker run", fmt::format("--pids-limit {}", limit)}};
  return check;
}

Check check_loops(const Plan& plan, const Host& host) {
  Check check{.id = "loops"};
  if (!host.usable_cores) return unknown(std::move(check), "the process's set of cores");
  const std::uint64_t loops = loops_of(plan, host);
  check.found = fmt::format("{} {} on {} usable {}", loops, loops == 1 ? "loop" : "loops", *host.usable_cores,
                            *host.usable_cores == 1 ? "core" : "cores");
  check.needed = "a core for each loop";
  if (loops <= *host.usable_cores) return check;
  check.verdict = Verdict::kWarn;
  check.remedies = {set_loops(*host.usable_cores)};
  return check;
}

Check check_cgroup_cpu(const Plan& plan, const Host& host) {
  const std::uint64_t loops = loops_of(plan, host);
  Check check{.id = "cgroup_cpu", .needed = fmt::format("{} cores: one for each loop", loops)};
  if (!host.cgroup.cpu) {
    check.found = "no quota";
    return check;
  }
  const CgroupQuota& quota = *host.cgroup.cpu;
  check.found = fmt::format("quota of {:g} cores ({})", quota.cores, quota.file);
  if (static_cast<double>(loops) <= quota.cores) return check;
  check.found += ": once it is used up, every loop stands still for the rest of the period";
  check.verdict = Verdict::kWarn;
  if (loops > 1)
    check.remedies.push_back(set_loops(std::max<std::uint64_t>(static_cast<std::uint64_t>(quota.cores), 1)));
  check.remedies.push_back({"systemd unit, [Service]", fmt::format("CPUQuota={}%", loops * 100)});
  check.remedies.push_back({"docker run", fmt::format("--cpus {}", loops)});
  return check;
}

Check check_transparent_huge_pages(const Plan& /*plan*/, const Host& host) {
  Check check{.id = "transparent_huge_pages", .needed = "madvise or never: always takes memory that nobody asked for"};
  if (host.transparent_huge_pages.empty()) {
    check.found = "the kernel has none";
    return check;
  }
  check.found = host.transparent_huge_pages;
  if (host.transparent_huge_pages != "always") return check;
  check.verdict = Verdict::kWarn;
  check.remedies = {{"run", "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"},
                    {"/etc/tmpfiles.d/fanfare.conf", "w /sys/kernel/mm/transparent_hugepage/enabled - - - - madvise"}};
  return check;
}

Check check_clock_source(const Plan& /*plan*/, const Host& host) {
  Check check{.id = "clock_source", .needed = "one that is read without a system call"};
  if (host.clock_source.empty()) return unknown(std::move(check), "the clock source");
  check.found = host.clock_source;
  // Those that the kernel's vDSO can read; with others each look at the clock goes into the kernel, or to a slow
  // device.
  constexpr std::array<std::string_view, 7> kFast{
      "tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter", "riscv_clocksource", "timebase", "tod"};
  if (std::ranges::find(kFast, host.clock_source) != kFast.end()) return check;
  check.verdict = Verdict::kWarn;
  const auto better = std::ranges::find_first_of(host.clock_sources, kFast);
  if (better == host.clock_sources.end()) {
    check.found += ", and the machine offers no better one";
    return check;
  }
  check.remedies = {
      {"run", fmt::format("echo {} > /sys/devices/system/clocksource/clocksource0/current_clocksource", *better)},
      {"kernel command line", "clocksource=" + *better}};
  return check;
}

Check check_swap(const Plan& /*plan*/, const Host& host) {
  constexpr std::uint64_t kSwappinessMax = 10;
  Check check{.id = "swap", .needed = fmt::format("none, or vm.swappiness of at most {}", kSwappinessMax)};
  if (!host.swap_total) return unknown(std::move(check), "/proc/meminfo");
  if (*host.swap_total == 0) {
    check.found = "none";
    return check;
  }
  check.found = fmt::format("{}, vm.swappiness {}", bytes_text(*host.swap_total),
                            host.swappiness ? std::to_string(*host.swappiness) : "unknown");
  if (host.swappiness && *host.swappiness <= kSwappinessMax) return check;
  check.verdict = Verdict::kWarn;
  check.found += ": connections that are idle are swapped out, and the next event waits for the disk";
  check.remedies = set_sysctl("vm.swappiness", "1");
  check.remedies.push_back({"systemd unit, [Service]", "MemorySwapMax=0"});
  return check;
}

}  // namespace fanfare::doctor
