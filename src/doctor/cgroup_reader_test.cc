#include "doctor/cgroup_reader.h"

#include <gtest/gtest.h>

#include "doctor/host_files_test_support.h"

namespace fanfare::doctor {
namespace {

constexpr std::string_view kV2Mount =
    "31 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

class CgroupReaderTest : public testing::Test {
 protected:
  Cgroup read() const { return read_cgroup(files_.root(), "self"); }
  void group(std::string_view lines) const { files_.write("/proc/self/cgroup", lines); }
  void mounts(std::string_view lines) const { files_.write("/proc/self/mountinfo", lines); }

  HostFiles files_;
};

TEST_F(CgroupReaderTest, WithoutGroupsThereIsNoLimit) {
  const Cgroup cgroup = read();
  EXPECT_FALSE(cgroup.memory || cgroup.tasks || cgroup.cpu);
}

TEST_F(CgroupReaderTest, ReadsVersion2) {
  mounts(kV2Mount);
  group("0::/system.slice/fanfare.service\n");
  const std::string folder = "/sys/fs/cgroup/system.slice/fanfare.service";
  files_.write(folder + "/memory.max", "1000000\n");
  files_.write(folder + "/memory.current", "700000\n");
  files_.write(folder + "/memory.stat", "anon 1\ninactive_file 200000\nactive_file 5\n");
  files_.write(folder + "/pids.max", "100\n");
  files_.write(folder + "/pids.current", "7\n");
  files_.write(folder + "/cpu.max", "150000 100000\n");
  const Cgroup cgroup = read();
  ASSERT_TRUE(cgroup.memory && cgroup.tasks && cgroup.cpu);
  EXPECT_EQ(cgroup.memory->limit, 1'000'000U);
  EXPECT_EQ(cgroup.memory->used, 500'000U);  // without files that nobody has touched for a while
  EXPECT_EQ(cgroup.memory->left(), 500'000U);
  EXPECT_TRUE(cgroup.memory->file.ends_with(folder + "/memory.max"));
  EXPECT_EQ(cgroup.tasks->limit, 100U);
  EXPECT_EQ(cgroup.tasks->used, 7U);
  EXPECT_DOUBLE_EQ(cgroup.cpu->cores, 1.5);
}

TEST_F(CgroupReaderTest, WhatHoldsAboveHoldsBelow) {
  mounts(kV2Mount);
  group("0::/a/b\n");
  files_.write("/sys/fs/cgroup/a/b/memory.max", "max\n");
  files_.write("/sys/fs/cgroup/a/b/cpu.max", "max 100000\n");
  files_.write("/sys/fs/cgroup/a/memory.max", "3000\n");
  files_.write("/sys/fs/cgroup/a/cpu.max", "50000 100000\n");
  files_.write("/sys/fs/cgroup/a/pids.max", "max\n");
  const Cgroup cgroup = read();
  ASSERT_TRUE(cgroup.memory && cgroup.cpu);
  EXPECT_EQ(cgroup.memory->limit, 3000U);
  EXPECT_DOUBLE_EQ(cgroup.cpu->cores, 0.5);
  EXPECT_FALSE(cgroup.tasks);
}

TEST_F(CgroupReaderTest, OfSeveralLimitsTheOneThatLeavesLeastIsTold) {
  mounts(kV2Mount);
  group("0::/a/b\n");
  files_.write("/sys/fs/cgroup/a/b/memory.max", "5000\n");
  files_.write("/sys/fs/cgroup/a/b/memory.high", "4000\n");
  files_.write("/sys/fs/cgroup/a/b/memory.current", "100\n");
  files_.write("/sys/fs/cgroup/a/memory.max", "9000\n");
  files_.write("/sys/fs/cgroup/a/memory.current", "8000\n");
  const Cgroup cgroup = read();
  ASSERT_TRUE(cgroup.memory);
  EXPECT_EQ(cgroup.memory->limit, 9000U);
  EXPECT_EQ(cgroup.memory->left(), 1000U);
}

TEST_F(CgroupReaderTest, AContainerSeesItsGroupAsTheRoot) {
  mounts(kV2Mount);
  group("0::/\n");
  files_.write("/sys/fs/cgroup/memory.max", "4096\n");
  ASSERT_TRUE(read().memory);
  EXPECT_EQ(read().memory->limit, 4096U);
}

TEST_F(CgroupReaderTest, ReadsVersion1) {
  mounts(
      "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
      "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
      "39 31 0:36 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
      "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n");
  group("8:pids:/p\n4:memory:/m\n1:cpu,cpuacct:/c\n0::/u\n");
  files_.write("/sys/fs/cgroup/memory/m/memory.limit_in_bytes", "2000\n");
  files_.write("/sys/fs/cgroup/memory/m/memory.usage_in_bytes", "900\n");
  files_.write("/sys/fs/cgroup/memory/m/memory.stat", "inactive_file 1\ntotal_inactive_file 400\n");
  files_.write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");  // none
  files_.write("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_quota_us", "200000\n");
  files_.write("/sys/fs/cgroup/cpu,cpuacct/c/cpu.cfs_period_us", "100000\n");
  files_.write("/sys/fs/cgroup/pids/p/pids.max", "30\n");
  files_.write("/sys/fs/cgroup/pids/p/pids.current", "29\n");
  const Cgroup cgroup = read();
  ASSERT_TRUE(cgroup.memory && cgroup.tasks && cgroup.cpu);
  EXPECT_EQ(cgroup.memory->limit, 2000U);
  EXPECT_EQ(cgroup.memory->used, 500U);
  EXPECT_DOUBLE_EQ(cgroup.cpu->cores, 2.0);
  EXPECT_EQ(cgroup.tasks->left(), 1U);
}

TEST_F(CgroupReaderTest, Version1WithoutQuotaHasNone) {
  mounts("32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n");
  group("1:cpu:/\n");
  files_.write("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
  files_.write("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
  EXPECT_FALSE(read().cpu);
}

TEST_F(CgroupReaderTest, AContainersGroupIsMountedAtThePoint) {
  mounts("35 31 0:32 /docker/0af1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  group("4:memory:/docker/0af1\n");
  files_.write("/sys/fs/cgroup/memory/memory.limit_in_bytes", "4096\n");
  ASSERT_TRUE(read().memory);
  EXPECT_EQ(read().memory->limit, 4096U);
  group("4:memory:/docker/0af1/inner\n");
  files_.write("/sys/fs/cgroup/memory/inner/memory.limit_in_bytes", "1024\n");
  EXPECT_EQ(read().memory->limit, 1024U);
}

TEST_F(CgroupReaderTest, MalformedFilesAreNoLimits) {
  mounts("short\n31 23 0:28 / /sys/fs/cgroup rw - cgroup2\nx x x x x x - x x x\n");
  group("garbage\n0:\n");
  EXPECT_FALSE(read().memory);
  mounts(kV2Mount);
  group("0::/\n");
  files_.write("/sys/fs/cgroup/memory.max", "much\n");
  files_.write("/sys/fs/cgroup/cpu.max", "1\n");
  files_.write("/sys/fs/cgroup/pids.max", "\n");
  const Cgroup cgroup = read();
  EXPECT_FALSE(cgroup.memory || cgroup.tasks || cgroup.cpu);
}

}  // namespace
}  // namespace fanfare::doctor
