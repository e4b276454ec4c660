#include "doctor/network_checks.h"

#include <gtest/gtest.h>

namespace fanfare::doctor {
namespace {

const Plan kPlan{.connections = 10'000, .listen_backlog = 3000, .ports = {6001, 9601}};
constexpr std::uint64_t kMib = 1024UL * 1024;

TEST(NetworkChecksTest, SomaxconnCutsTheBacklog) {
  Host host;
  host.somaxconn = 3000;
  EXPECT_EQ(check_somaxconn(kPlan, host).verdict, Verdict::kOk);
  host.somaxconn = 2999;
  const Check check = check_somaxconn(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  ASSERT_EQ(check.remedies.size(), 3U);
  EXPECT_EQ(check.remedies[1].line, "net.core.somaxconn = 3000");
  EXPECT_EQ(check.remedies[2].line, "--sysctl net.core.somaxconn=\"3000\"");
}

TEST(NetworkChecksTest, TheSynBacklogCountsWithoutCookies) {
  Host host;
  host.tcp_syncookies = 0;
  host.tcp_max_syn_backlog = 4000;  // three quarters are 3000
  EXPECT_EQ(check_syn_backlog(kPlan, host).verdict, Verdict::kOk);
  host.tcp_max_syn_backlog = 3999;
  EXPECT_EQ(check_syn_backlog(kPlan, host).verdict, Verdict::kWarn);
  host.tcp_syncookies = 1;
  EXPECT_EQ(check_syn_backlog(kPlan, host).verdict, Verdict::kOk);
}

TEST(NetworkChecksTest, AProxyNeedsAPortAClient) {
  Host host;
  host.local_ports = PortRange{.first = 30'000, .last = 39'999};
  EXPECT_EQ(check_local_ports(kPlan, host).verdict, Verdict::kOk);
  host.local_ports = PortRange{.first = 30'000, .last = 39'998};
  const Check check = check_local_ports(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  EXPECT_EQ(check.found, "30000 to 39998: 9,999 ports a source address");
  EXPECT_TRUE(check.needed.starts_with("2 source addresses")) << check.needed;
  ASSERT_EQ(check.remedies.size(), 6U);
  EXPECT_EQ(check.remedies[1].line, "net.ipv4.ip_local_port_range = 1024 65535");
  EXPECT_EQ(check.remedies[4].line, "net.ipv4.ip_local_reserved_ports = 6001,9601");
}

TEST(NetworkChecksTest, BeyondAllPortsOnlyMoreAddressesHelp) {
  Host host;
  host.local_ports = PortRange{.first = 1024, .last = 65'535};
  const Check check = check_local_ports({.connections = 1'000'000}, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  EXPECT_TRUE(check.needed.starts_with("16 source addresses")) << check.needed;
  ASSERT_EQ(check.remedies.size(), 1U);
  EXPECT_TRUE(check.remedies[0].line.starts_with("proxy_bind"));
}

TEST(NetworkChecksTest, AnEmptyPortRangeIsUnknown) {
  Host host;
  host.local_ports = PortRange{.first = 2, .last = 1};
  EXPECT_EQ(check_local_ports(kPlan, host).verdict, Verdict::kUnknown);
}

TEST(NetworkChecksTest, TcpMemHasAPageForEachConnection) {
  Host host;
  host.tcp_mem = Triple{.low = 1, .middle = 10'000, .high = 20'000};
  EXPECT_EQ(check_tcp_mem(kPlan, host).verdict, Verdict::kOk);
  host.tcp_mem = Triple{.low = 1, .middle = 9'999, .high = 10'000};
  EXPECT_EQ(check_tcp_mem(kPlan, host).verdict, Verdict::kWarn);
  host.tcp_mem = Triple{.low = 1, .middle = 9'999, .high = 9'999};
  const Check check = check_tcp_mem(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.remedies[1].line, "net.ipv4.tcp_mem = 10000 13333 20000");
}

TEST(NetworkChecksTest, SlowClientsBuffersFitIntoTcpMem) {
  Host host;
  host.tcp_mem = Triple{.low = 1, .middle = 25'600, .high = 51'200};  // pages: 100 MiB; 100 slow clients, a MiB each
  host.tcp_wmem = Triple{.low = 4096, .middle = 16'384, .high = kMib};
  EXPECT_EQ(check_tcp_wmem(kPlan, host).verdict, Verdict::kOk);
  host.tcp_wmem->high = kMib + 1;
  const Check check = check_tcp_wmem(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  EXPECT_EQ(check.remedies[1].line, "net.ipv4.tcp_wmem = 4096 16384 1048576");
}

TEST(NetworkChecksTest, HostileClientsBuffersFitIntoTcpMem) {
  Host host;
  host.tcp_mem = Triple{.low = 1, .middle = 25'600, .high = 51'200};  // 10 of them, 10 MiB each
  host.tcp_rmem = Triple{.low = 4096, .middle = 131'072, .high = 10 * kMib};
  EXPECT_EQ(check_tcp_rmem(kPlan, host).verdict, Verdict::kOk);
  host.tcp_rmem->high = 10 * kMib + 1;
  const Check check = check_tcp_rmem(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  EXPECT_EQ(check.remedies[1].line, "net.ipv4.tcp_rmem = 4096 131072 8388608");  // a power of two
}

TEST(NetworkChecksTest, BuffersAreNotMadeTooSmall) {
  Host host;
  host.tcp_mem = Triple{.low = 1, .middle = 1, .high = 1};
  host.tcp_wmem = Triple{.low = 4096, .middle = 131'072, .high = 65'536};
  EXPECT_EQ(check_tcp_wmem({.connections = 1}, host).verdict, Verdict::kOk);
  host.tcp_wmem->high = 4 * kMib;
  const Check check = check_tcp_wmem({.connections = 1}, host);
  EXPECT_EQ(check.remedies[1].line, "net.ipv4.tcp_wmem = 4096 65536 65536");
}

TEST(NetworkChecksTest, ConntrackHasAPlaceForEachConnection) {
  Host host;
  EXPECT_EQ(check_conntrack(kPlan, host).verdict, Verdict::kOk);
  EXPECT_EQ(check_conntrack(kPlan, host).found, "connections are not tracked");
  host.conntrack_max = 10'005;
  host.conntrack_count = 5;
  EXPECT_EQ(check_conntrack(kPlan, host).verdict, Verdict::kOk);
  host.conntrack_count = 6;
  const Check check = check_conntrack(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kFail);
  ASSERT_EQ(check.remedies.size(), 4U);
  EXPECT_EQ(check.remedies[1].line, "net.netfilter.nf_conntrack_max = 20006");
  EXPECT_EQ(check.remedies[2].line, "echo 5001 > /sys/module/nf_conntrack/parameters/hashsize");
}

TEST(NetworkChecksTest, AConntrackTableThatIsNotInUseIsAWarning) {
  Host host;
  host.conntrack_max = 9'999;
  host.conntrack_count = 0;
  EXPECT_EQ(check_conntrack(kPlan, host).verdict, Verdict::kWarn);
  host.conntrack_max = 0;  // no limit
  EXPECT_EQ(check_conntrack(kPlan, host).verdict, Verdict::kOk);
}

TEST(NetworkChecksTest, WhatCannotBeReadIsUnknown) {
  for (const auto check :
       {check_somaxconn, check_syn_backlog, check_local_ports, check_tcp_mem, check_tcp_wmem, check_tcp_rmem}) {
    const Check unread = check(kPlan, Host());
    EXPECT_EQ(unread.verdict, Verdict::kUnknown) << unread.id;
    EXPECT_NE(unread.found.find("cannot be read here"), std::string::npos) << unread.found;
  }
}

}  // namespace
}  // namespace fanfare::doctor
