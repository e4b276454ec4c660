#include "doctor/host_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/host_files_test_support.h"
#include "doctor/quantity.h"

namespace fanfare::doctor {
namespace {

using testing::ElementsAre;

TEST(HostReaderTest, ReadsTheProcess) {
  const HostFiles files;
  files.write("/proc/4711/limits",
              "Limit                     Soft Limit           Hard Limit           Units     \n"
              "Max processes             96365                96365                processes \n"
              "Max open files            1024                 unlimited            files     \n");
  files.write("/proc/4711/status", "Name:\tfanfare\nCapEff:\t0000000001000000\nCpus_allowed_list:\t0-3,8,10-11\n");
  const Host host = read_host(files.root(), "4711");
  EXPECT_EQ(host.open_files_soft, 1024U);
  EXPECT_EQ(host.open_files_hard, kUnlimited);
  EXPECT_EQ(host.usable_cores, 7U);
  EXPECT_TRUE(host.may_raise_limits);
}

TEST(HostReaderTest, OneCapabilityAllowsToRaiseLimits) {
  const HostFiles files;
  files.write("/proc/self/status", "CapEff:\t000001fffeffffff\nCpus_allowed_list:\t5\n");  // all but CAP_SYS_RESOURCE
  const Host host = read_host(files.root(), "self");
  EXPECT_FALSE(host.may_raise_limits);
  EXPECT_EQ(host.usable_cores, 1U);
}

TEST(HostReaderTest, ReadsTheMachine) {
  const HostFiles files;
  files.write("/proc/sys/fs/nr_open", "1048576\n");
  files.write("/proc/sys/fs/file-max", "9223372036854775807\n");
  files.write("/proc/sys/fs/file-nr", "497\t0\t9223372036854775807\n");
  files.write("/proc/meminfo", "MemTotal:       24684084 kB\nMemAvailable:   1024 kB\nSwapTotal:       2048 kB\n");
  files.write("/proc/sys/vm/swappiness", "60\n");
  files.write("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
  files.write("/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
  files.write("/sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm \n");
  const Host host = read_host(files.root(), "self");
  EXPECT_EQ(host.nr_open, 1'048'576U);
  EXPECT_EQ(host.file_max, 9'223'372'036'854'775'807U);
  EXPECT_EQ(host.files_allocated, 497U);
  EXPECT_EQ(host.memory_available, 1024U * 1024);
  EXPECT_EQ(host.swap_total, 2048U * 1024);
  EXPECT_EQ(host.swappiness, 60U);
  EXPECT_EQ(host.transparent_huge_pages, "madvise");
  EXPECT_EQ(host.clock_source, "hpet");
  EXPECT_THAT(host.clock_sources, ElementsAre("tsc", "hpet", "acpi_pm"));
}

TEST(HostReaderTest, ReadsTheNetwork) {
  const HostFiles files;
  files.write("/proc/sys/net/core/somaxconn", "4096\n");
  files.write("/proc/sys/net/ipv4/tcp_max_syn_backlog", "2048\n");
  files.write("/proc/sys/net/ipv4/tcp_syncookies", "1\n");
  files.write("/proc/sys/net/ipv4/ip_local_port_range", "32768\t60999\n");
  files.write("/proc/sys/net/ipv4/tcp_mem", "287898\t383867\t575796\n");
  files.write("/proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t33554432\n");
  files.write("/proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t4194304\n");
  files.write("/proc/sys/net/netfilter/nf_conntrack_max", "262144\n");
  files.write("/proc/sys/net/netfilter/nf_conntrack_count", "12\n");
  const Host host = read_host(files.root(), "self");
  EXPECT_EQ(host.somaxconn, 4096U);
  EXPECT_EQ(host.tcp_max_syn_backlog, 2048U);
  EXPECT_EQ(host.tcp_syncookies, 1U);
  ASSERT_TRUE(host.local_ports.has_value());
  EXPECT_EQ(host.local_ports->size(), 28'232U);
  ASSERT_TRUE(host.tcp_mem && host.tcp_rmem && host.tcp_wmem);
  EXPECT_EQ(host.tcp_mem->low, 287'898U);
  EXPECT_EQ(host.tcp_mem->middle, 383'867U);
  EXPECT_EQ(host.tcp_mem->high, 575'796U);
  EXPECT_EQ(host.tcp_rmem->high, 33'554'432U);
  EXPECT_EQ(host.tcp_wmem->middle, 16'384U);
  EXPECT_EQ(host.conntrack_max, 262'144U);
  EXPECT_EQ(host.conntrack_count, 12U);
}

TEST(HostReaderTest, WhatIsHiddenOrMalformedIsLeftEmpty) {
  const HostFiles files;
  files.write("/proc/self/limits", "Max open files\n");
  files.write("/proc/self/status", "CapEff:\tzz\nCpus_allowed_list:\t3-1\n");
  files.write("/proc/sys/net/ipv4/tcp_mem", "1 2\n");
  files.write("/proc/sys/net/ipv4/ip_local_port_range", "one two\n");
  files.write("/sys/kernel/mm/transparent_hugepage/enabled", "always]\n");
  const Host host = read_host(files.root(), "self");
  EXPECT_FALSE(host.open_files_soft || host.open_files_hard || host.usable_cores || host.may_raise_limits);
  EXPECT_FALSE(host.nr_open || host.file_max || host.memory_available || host.swap_total || host.somaxconn);
  EXPECT_FALSE(host.tcp_mem || host.local_ports || host.conntrack_max);
  EXPECT_EQ(host.transparent_huge_pages, "");
  EXPECT_EQ(host.clock_source, "");
}

TEST(HostReaderTest, ReadsThisMachine) {
  const Host host = read_host("", "self");
  EXPECT_GT(host.open_files_hard.value_or(0), 0U);
  EXPECT_GT(host.usable_cores.value_or(0), 0U);
  EXPECT_GT(host.memory_available.value_or(0), 0U);
}

}  // namespace
}  // namespace fanfare::doctor
