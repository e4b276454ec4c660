#include "doctor/file_checks.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "doctor/quantity.h"
#include "net/fd_limit.h"

namespace fanfare::doctor {

namespace {

std::uint64_t descriptors_of(const Plan& plan) { return net::descriptors_for(plan.connections); }

std::string need_of(const Plan& plan) {
  return fmt::format("{} for {} connections", grouped(descriptors_of(plan)), grouped(plan.connections));
}

// Limits are set once and for a while: not below what the shipped unit has.
std::uint64_t limit_to_set(const Plan& plan) { return std::max(descriptors_of(plan), net::kDescriptorsWanted); }

// The limit that the server gets by raise_fd_limit(). Above fs.nr_open the kernel refuses, and the hard limit stays.
std::uint64_t reachable(const Host& host) {
  const std::uint64_t hard = *host.open_files_hard;
  const bool is_raised = host.may_raise_limits && host.nr_open.value_or(0) >= net::kDescriptorsWanted;
  return is_raised ? std::max(hard, net::kDescriptorsWanted) : hard;
}

std::vector<Remedy> raise_open_files(const Plan& plan) {
  const std::uint64_t limit = limit_to_set(plan);
  return {{"systemd unit, [Service]", fmt::format("LimitNOFILE={}", limit)},
          {"/etc/security/limits.conf, for logins", fmt::format("*  -  nofile  {}", limit)},
          {"docker run", fmt::format("--ulimit nofile={0}:{0}", limit)}};
}

}  // namespace

Check check_nr_open(const Plan& plan, const Host& host) {
  Check check{.id = "nr_open", .needed = need_of(plan)};
  if (!host.nr_open) return unknown(std::move(check), "fs.nr_open");
  check.found = "fs.nr_open " + grouped(*host.nr_open);
  if (*host.nr_open >= descriptors_of(plan)) return check;
  check.verdict = Verdict::kFail;
  check.remedies = set_sysctl("fs.nr_open", std::to_string(limit_to_set(plan)));
  return check;
}

Check check_open_files_hard(const Plan& plan, const Host& host) {
  Check check{.id = "open_files_hard", .needed = need_of(plan)};
  if (!host.open_files_hard) return unknown(std::move(check), "the process's limits");
  check.found = "hard limit " + grouped(*host.open_files_hard);
  if (reachable(host) > *host.open_files_hard) check.found += ", which this process may raise";
  if (reachable(host) >= descriptors_of(plan)) return check;
  check.verdict = Verdict::kFail;
  check.found += fmt::format(", enough for {} connections", grouped(net::connections_within(reachable(host))));
  check.remedies = raise_open_files(plan);
  return check;
}

Check check_open_files_soft(const Plan& plan, const Host& host) {
  Check check{.id = "open_files_soft", .needed = need_of(plan)};
  if (!host.open_files_soft || !host.open_files_hard) return unknown(std::move(check), "the process's limits");
  check.found = "soft limit " + grouped(*host.open_files_soft);
  if (*host.open_files_soft >= descriptors_of(plan)) return check;
  if (reachable(host) >= descriptors_of(plan)) {
    check.found += ", which the server raises";
    return check;
  }
  check.verdict = Verdict::kFail;
  // What is set for the hard limit sets this one, too.
  check.found += ", which the server raises to the hard one: see open_files_hard";
  return check;
}

Check check_file_max(const Plan& plan, const Host& host) {
  Check check{.id = "file_max", .needed = need_of(plan)};
  if (!host.file_max) return unknown(std::move(check), "fs.file-max");
  const std::uint64_t allocated = host.files_allocated.value_or(0);
  check.found = fmt::format("fs.file-max {}, {} in use", grouped(*host.file_max), grouped(allocated));
  const std::uint64_t needed = plus(allocated, descriptors_of(plan));
  if (*host.file_max >= needed) return check;
  check.verdict = Verdict::kFail;
  check.remedies = set_sysctl("fs.file-max", std::to_string(plus(allocated, times(2, descriptors_of(plan)))));
  return check;
}

}  // namespace fanfare::doctor
