#include "doctor/network_checks.h"

#include <algorithm>
#include <bit>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/bytes.h"
#include "doctor/quantity.h"

namespace fanfare::doctor {

namespace {

// One socket of so many may fill its buffer to the largest size at a time, without the kernel being under pressure.
constexpr std::uint64_t kSlowOneIn = 100;      // clients that do not keep up: a bad network
constexpr std::uint64_t kHostileOneIn = 1000;  // clients that send while they do not read: on purpose
// Smaller buffers would slow down the others.
constexpr std::uint64_t kBufferBytesMin = 64 * kKiB;

Check check_buffers(Check check, const Plan& plan, const Host& host, const std::optional<Triple>& sizes,
                    std::string_view sysctl, std::uint64_t one_in) {
  if (!sizes || !host.tcp_mem) return unknown(std::move(check), !sizes ? sysctl : "net.ipv4.tcp_mem");
  const std::uint64_t sockets = std::max<std::uint64_t>(plan.connections / one_in, 1);
  const std::uint64_t all = times(std::max(host.tcp_mem->middle, plan.connections), host.page_bytes);
  const std::uint64_t most = std::max(all / sockets, kBufferBytesMin);
  check.found = fmt::format("largest buffer {}", bytes_text(sizes->high));
  check.needed = fmt::format("at most {}: {} of {} connections fill theirs within tcp_mem", bytes_text(most),
                             grouped(sockets), grouped(plan.connections));
  if (sizes->high <= most) return check;
  check.verdict = Verdict::kWarn;
  const std::uint64_t high = std::bit_floor(most);
  check.remedies = set_network_sysctl(
      sysctl, fmt::format("{} {} {}", std::min(sizes->low, high), std::min(sizes->middle, high), high));
  return check;
}

}  // namespace

Check check_somaxconn(const Plan& plan, const Host& host) {
  Check check{.id = "somaxconn", .needed = fmt::format("{}, the listen_backlog", grouped(plan.listen_backlog))};
  if (!host.somaxconn) return unknown(std::move(check), "net.core.somaxconn");
  check.found = "net.core.somaxconn " + grouped(*host.somaxconn);
  if (*host.somaxconn >= plan.listen_backlog) return check;
  check.verdict = Verdict::kWarn;
  check.found += ", which cuts listen_backlog: clients that all come back at once wait longer";
  check.remedies = set_network_sysctl("net.core.somaxconn", std::to_string(plan.listen_backlog));
  return check;
}

Check check_syn_backlog(const Plan& plan, const Host& host) {
  // With cookies off the kernel keeps a quarter for peers that it knows.
  const std::uint64_t needed = plan.listen_backlog + (plan.listen_backlog + 2) / 3;
  Check check{.id = "tcp_max_syn_backlog",
              .needed = fmt::format("{} while net.ipv4.tcp_syncookies is 0", grouped(needed))};
  if (!host.tcp_max_syn_backlog || !host.tcp_syncookies)
    return unknown(std::move(check), "net.ipv4.tcp_max_syn_backlog");
  check.found = fmt::format("{}, tcp_syncookies {}", grouped(*host.tcp_max_syn_backlog), *host.tcp_syncookies);
  if (*host.tcp_syncookies != 0 || *host.tcp_max_syn_backlog >= needed) return check;
  check.verdict = Verdict::kWarn;
  check.remedies = set_network_sysctl("net.ipv4.tcp_syncookies", "1");
  for (Remedy& remedy : set_network_sysctl("net.ipv4.tcp_max_syn_backlog", std::to_string(needed))) {
    check.remedies.push_back(std::move(remedy));
  }
  return check;
}

Check check_local_ports(const Plan& plan, const Host& host) {
  Check check{.id = "ip_local_port_range"};
  if (!host.local_ports || host.local_ports->size() == 0)
    return unknown(std::move(check), "net.ipv4.ip_local_port_range");
  constexpr PortRange kWidest{1024, 65'535};
  const std::uint64_t ports = host.local_ports->size();
  check.found = fmt::format("{} to {}: {} ports a source address", host.local_ports->first, host.local_ports->last,
                            grouped(ports));
  check.needed = fmt::format("{} source addresses for a proxy or load generator on this host; direct clients need none",
                             grouped((plan.connections + ports - 1) / ports));
  if (ports >= plan.connections) return check;
  check.verdict = Verdict::kWarn;
  if (ports < kWidest.size()) {
    check.remedies =
        set_network_sysctl("net.ipv4.ip_local_port_range", fmt::format("{} {}", kWidest.first, kWidest.last));
    // The range now has the server's own ports: an outgoing connection must not take one before the server starts.
    if (!plan.ports.empty()) {
      for (Remedy& remedy :
           set_network_sysctl("net.ipv4.ip_local_reserved_ports", fmt::format("{}", fmt::join(plan.ports, ",")))) {
        check.remedies.push_back(std::move(remedy));
      }
    }
  }
  if (plan.connections > kWidest.size()) {
    check.remedies.push_back(
        {"nginx, server", "proxy_bind $address;  # of several source addresses, by split_clients"});
  }
  return check;
}

Check check_tcp_mem(const Plan& plan, const Host& host) {
  const std::uint64_t needed = plan.connections;
  Check check{
      .id = "tcp_mem",
      .needed = fmt::format("{} pages, one for each connection while an event goes to all of them", grouped(needed))};
  if (!host.tcp_mem) return unknown(std::move(check), "net.ipv4.tcp_mem");
  check.found = fmt::format("pressure at {} pages, at most {} ({})", grouped(host.tcp_mem->middle),
                            grouped(host.tcp_mem->high), bytes_text(times(host.tcp_mem->high, host.page_bytes)));
  if (host.tcp_mem->middle >= needed) return check;
  check.verdict = host.tcp_mem->high >= needed ? Verdict::kWarn : Verdict::kFail;
  check.remedies =
      set_sysctl("net.ipv4.tcp_mem", fmt::format("{} {} {}", needed, plus(needed, needed / 3), times(2, needed)));
  return check;
}

Check check_tcp_wmem(const Plan& plan, const Host& host) {
  return check_buffers({.id = "tcp_wmem"}, plan, host, host.tcp_wmem, "net.ipv4.tcp_wmem", kSlowOneIn);
}

Check check_tcp_rmem(const Plan& plan, const Host& host) {
  return check_buffers({.id = "tcp_rmem"}, plan, host, host.tcp_rmem, "net.ipv4.tcp_rmem", kHostileOneIn);
}

Check check_conntrack(const Plan& plan, const Host& host) {
  const std::uint64_t count = host.conntrack_count.value_or(0);
  const std::uint64_t needed = plus(count, plan.connections);
  Check check{.id = "nf_conntrack_max",
              .needed = fmt::format("{}: one a connection, and those that are there", grouped(needed))};
  if (!host.conntrack_max) {
    check.found = "connections are not tracked";
    return check;
  }
  check.found = fmt::format("{}, {} in use", grouped(*host.conntrack_max), grouped(count));
  if (*host.conntrack_max >= needed || *host.conntrack_max == 0) return check;  // 0: no limit
  // The module may be there without a rule that needs it; then nothing is ever counted.
  check.verdict = count == 0 ? Verdict::kWarn : Verdict::kFail;
  const std::uint64_t size = plus(count, times(2, plan.connections));
  check.remedies = set_sysctl("net.netfilter.nf_conntrack_max", std::to_string(size));
  check.remedies.push_back({"run", fmt::format("echo {} > /sys/module/nf_conntrack/parameters/hashsize", size / 4)});
  check.remedies.push_back({"/etc/modprobe.d/fanfare.conf", fmt::format("options nf_conntrack hashsize={}", size / 4)});
  return check;
}

}  // namespace fanfare::doctor
