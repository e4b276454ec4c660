#include "doctor/machine_checks.h"

#include <gtest/gtest.h>

namespace fanfare::doctor {
namespace {

const Plan kPlan{.connections = 10'000};
constexpr std::uint64_t kPage = 4096;

// A host on which everything fits.
Host ample() {
  Host host;
  host.page_bytes = kPage;
  host.usable_cores = 4;
  return host;
}

TEST(MachineChecksTest, MemoryHoldsIdleConnectionsAndAnEventToAll) {
  Host host = ample();
  host.memory_available = fan_out_bytes(kPlan, kPage);
  EXPECT_EQ(check_memory(kPlan, host).verdict, Verdict::kOk);
  host.memory_available = fan_out_bytes(kPlan, kPage) - 1;
  EXPECT_EQ(check_memory(kPlan, host).verdict, Verdict::kWarn);
  host.memory_available = idle_bytes(kPlan);
  EXPECT_EQ(check_memory(kPlan, host).verdict, Verdict::kWarn);
  host.memory_available = idle_bytes(kPlan) - 1;
  EXPECT_EQ(check_memory(kPlan, host).verdict, Verdict::kFail);
}

TEST(MachineChecksTest, TheRemedyForMemoryFits) {
  Host host = ample();
  host.memory_available = kServerBytes + 5 * (fan_out_bytes({.connections = 1}, kPage) - kServerBytes);
  const Check check = check_memory(kPlan, host);
  ASSERT_EQ(check.remedies.size(), 1U);
  EXPECT_EQ(check.remedies[0].line, "connections_max = 5");
}

TEST(MachineChecksTest, WithLessThanTheServerTakesNothingFits) {
  Host host = ample();
  host.memory_available = 1;
  const Check check = check_memory(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_TRUE(check.remedies.empty());  // connections_max = 0 would be no limit
}

TEST(MachineChecksTest, CgroupMemoryIsWhatIsLeftBelowTheLimit) {
  Host host = ample();
  EXPECT_EQ(check_cgroup_memory(kPlan, host).verdict, Verdict::kOk);
  EXPECT_EQ(check_cgroup_memory(kPlan, host).found, "no limit");
  host.cgroup.memory = CgroupLimit{.limit = fan_out_bytes(kPlan, kPage) + 100, .used = 100, .file = "f"};
  EXPECT_EQ(check_cgroup_memory(kPlan, host).verdict, Verdict::kOk);
  host.cgroup.memory->used = 101;
  EXPECT_EQ(check_cgroup_memory(kPlan, host).verdict, Verdict::kWarn);
  host.cgroup.memory->limit = idle_bytes(kPlan) + 100;
  const Check check = check_cgroup_memory(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.remedies[0].line, "MemoryMax=" + std::to_string(fan_out_bytes(kPlan, kPage) + 101));
  host.cgroup.memory->limit = 50;  // less than is used
  EXPECT_EQ(check_cgroup_memory(kPlan, host).verdict, Verdict::kFail);
}

TEST(MachineChecksTest, CgroupTasksHaveRoomForAllThreads) {
  Host host = ample();  // four loops
  EXPECT_EQ(check_cgroup_tasks(kPlan, host).verdict, Verdict::kOk);
  host.cgroup.tasks = CgroupLimit{.limit = 4 + kOtherThreads + 3, .used = 3, .file = "f"};
  EXPECT_EQ(check_cgroup_tasks(kPlan, host).verdict, Verdict::kOk);
  host.cgroup.tasks->used = 4;
  const Check check = check_cgroup_tasks(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.remedies[0].line, "TasksMax=24");
}

TEST(MachineChecksTest, EachLoopHasACore) {
  Host host = ample();
  EXPECT_EQ(check_loops(kPlan, host).found, "4 loops on 4 usable cores");
  EXPECT_EQ(check_loops({.loops = 4}, host).verdict, Verdict::kOk);
  const Check check = check_loops({.loops = 5}, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  EXPECT_EQ(check.remedies[0].line, "loops = 4");
  EXPECT_EQ(check_loops(kPlan, Host()).verdict, Verdict::kUnknown);
}

TEST(MachineChecksTest, ManyCoresHaveNoMoreLoopsThanThereCanBe) {
  Host host = ample();
  host.usable_cores = 96;
  EXPECT_EQ(check_loops(kPlan, host).found, "64 loops on 96 usable cores");
}

TEST(MachineChecksTest, TheQuotaHasACoreForEachLoop) {
  Host host = ample();
  EXPECT_EQ(check_cgroup_cpu(kPlan, host).verdict, Verdict::kOk);
  host.cgroup.cpu = CgroupQuota{.cores = 4.0, .file = "f"};
  EXPECT_EQ(check_cgroup_cpu(kPlan, host).verdict, Verdict::kOk);
  host.cgroup.cpu->cores = 3.99;
  const Check check = check_cgroup_cpu(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  ASSERT_EQ(check.remedies.size(), 3U);
  EXPECT_EQ(check.remedies[0].line, "loops = 3");
  EXPECT_EQ(check.remedies[1].line, "CPUQuota=400%");
  EXPECT_EQ(check.remedies[2].line, "--cpus 4");
  host.cgroup.cpu->cores = 0.5;
  EXPECT_EQ(check_cgroup_cpu(kPlan, host).remedies[0].line, "loops = 1");
  EXPECT_EQ(check_cgroup_cpu({.loops = 1}, host).remedies[0].line, "CPUQuota=100%");
}

TEST(MachineChecksTest, HugePagesAreForThoseWhoAsk) {
  Host host;
  EXPECT_EQ(check_transparent_huge_pages(kPlan, host).verdict, Verdict::kOk);
  for (const char* fine : {"madvise", "never"}) {
    host.transparent_huge_pages = fine;
    EXPECT_EQ(check_transparent_huge_pages(kPlan, host).verdict, Verdict::kOk) << fine;
  }
  host.transparent_huge_pages = "always";
  EXPECT_EQ(check_transparent_huge_pages(kPlan, host).verdict, Verdict::kWarn);
}

TEST(MachineChecksTest, TheClockIsReadWithoutASystemCall) {
  Host host;
  EXPECT_EQ(check_clock_source(kPlan, host).verdict, Verdict::kUnknown);
  host.clock_source = "tsc";
  EXPECT_EQ(check_clock_source(kPlan, host).verdict, Verdict::kOk);
  host.clock_source = "hpet";
  host.clock_sources = {"acpi_pm", "kvm-clock"};
  const Check check = check_clock_source(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  EXPECT_EQ(check.remedies[1].line, "clocksource=kvm-clock");
  host.clock_sources = {"acpi_pm", "hpet"};
  EXPECT_EQ(check_clock_source(kPlan, host).verdict, Verdict::kWarn);
  EXPECT_TRUE(check_clock_source(kPlan, host).remedies.empty());
}

TEST(MachineChecksTest, SwapIsForOthers) {
  Host host;
  EXPECT_EQ(check_swap(kPlan, host).verdict, Verdict::kUnknown);
  host.swap_total = 0;
  EXPECT_EQ(check_swap(kPlan, host).verdict, Verdict::kOk);
  host.swap_total = 1;
  EXPECT_EQ(check_swap(kPlan, host).verdict, Verdict::kWarn);
  host.swappiness = 10;
  EXPECT_EQ(check_swap(kPlan, host).verdict, Verdict::kOk);
  host.swappiness = 11;
  EXPECT_EQ(check_swap(kPlan, host).verdict, Verdict::kWarn);
}

}  // namespace
}  // namespace fanfare::doctor
