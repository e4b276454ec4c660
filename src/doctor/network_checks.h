// What the kernel's network is set to. Pure. Sources: ip-sysctl of the kernel's documentation, tcp(7), listen(2).
#pragma once

#include "doctor/check.h"
#include "doctor/host.h"
#include "doctor/plan.h"

namespace fanfare::doctor {

// net.core.somaxconn cuts server.listen_backlog.
Check check_somaxconn(const Plan& plan, const Host& host);
// net.ipv4.tcp_max_syn_backlog counts only while SYN cookies are off.
Check check_syn_backlog(const Plan& plan, const Host& host);
// net.ipv4.ip_local_port_range: for a proxy or a load generator on this host, which need a port a client.
Check check_local_ports(const Plan& plan, const Host& host);
// net.ipv4.tcp_mem: what all sockets' buffers may take. One event to everyone charges each connection a page.
Check check_tcp_mem(const Plan& plan, const Host& host);
// net.ipv4.tcp_wmem: what one slow client may pin in the kernel before the server sees that it is slow.
Check check_tcp_wmem(const Plan& plan, const Host& host);
// net.ipv4.tcp_rmem: what one client may send that the server does not read, since that client is slow.
Check check_tcp_rmem(const Plan& plan, const Host& host);
// net.netfilter.nf_conntrack_max: a firewall's table of connections; without a place in it, packets are dropped.
Check check_conntrack(const Plan& plan, const Host& host);

}  // namespace fanfare::doctor
