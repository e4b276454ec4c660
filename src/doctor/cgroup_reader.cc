#include "doctor/cgroup_reader.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "doctor/kernel_file.h"
#include "doctor/quantity.h"

namespace fanfare::doctor {

namespace {

struct Mount {
  std::string root;     // the group that is seen at `point`: "/", or a container's
  std::string point;    // where: "/sys/fs/cgroup"
  std::string options;  // version 1: its controllers among them
  bool is_v2 = false;
};

bool has_item(std::string_view list, std::string_view item) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    if (list.substr(0, comma) == item) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// Format: proc(5), /proc/[pid]/mountinfo: "36 35 98:0 ROOT POINT rw,noatime [fields] - TYPE SOURCE OPTIONS".
std::vector<Mount> read_mounts(const std::string& file) {
  std::vector<Mount> mounts;
  const std::string text = read_text(file).value_or("");
  for (const std::string_view line : lines_of(text)) {
    const std::vector<std::string_view> words = words_of(line);
    const auto dash = std::ranges::find(words, "-");
    if (words.end() - dash < 4 || dash - words.begin() < 6) continue;
    const std::string_view type = *(dash + 1);
    if (type != "cgroup" && type != "cgroup2") continue;
    mounts.push_back({.root = std::string(words[3]),
                      .point = std::string(words[4]),
                      .options = std::string(*(dash + 3)),
                      .is_v2 = type == "cgroup2"});
  }
  return mounts;
}

// The group of a process: in version 1 that of `controller`, in version 2 the only one.
// Format: cgroups(7), /proc/[pid]/cgroup: "4:memory:/path", "0::/path".
std::optional<std::string> group_of(std::string_view text, std::string_view controller) {
  for (const std::string_view line : lines_of(text)) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool is_it = controller.empty() ? line.starts_with("0::") : has_item(controllers, controller);
    if (is_it) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

// The folders of the group and of those above it, as far as they are seen here, innermost first.
std::vector<std::string> folders_of(const std::string& root, const Mount& mount, std::string group) {
  if (mount.root != "/") {
    // A container sees its own group as the root. What is told of groups elsewhere cannot be looked up.
    const bool is_inside = group.starts_with(mount.root) && group.substr(mount.root.size()).starts_with('/');
    group = is_inside ? group.substr(mount.root.size()) : "/";
  }
  std::vector<std::string> folders;
  const std::string point = root + mount.point;
  while (group.size() > 1) {
    folders.push_back(fmt::format("{}{}", point, group));
    group.resize(group.rfind('/') == std::string::npos ? 0 : group.rfind('/'));
  }
  folders.push_back(point);
  return folders;
}

// Version 1 says "no limit" with the largest number of pages that fit.
constexpr std::uint64_t kV1Unlimited = 1ULL << 60U;

void keep_tighter(std::optional<CgroupLimit>& kept, CgroupLimit found) {
  if (found.limit >= kV1Unlimited) return;
  if (!kept || found.left() < kept->left()) kept = std::move(found);
}

void keep_tighter(std::optional<CgroupQuota>& kept, CgroupQuota found) {
  if (!kept || found.cores < kept->cores) kept = std::move(found);
}

// Pages of files that nobody has touched for a while go when memory is wanted: they are not in use.
std::uint64_t used_bytes(const std::string& folder, const char* usage_file, std::string_view inactive_label) {
  const std::uint64_t usage = read_number(folder + usage_file).value_or(0);
  const std::string stat = read_text(folder + "/memory.stat").value_or("");
  const std::uint64_t inactive = number_behind(stat, inactive_label).value_or(0);
  return usage > inactive ? usage - inactive : 0;
}

void read_limit(const std::string& file, std::uint64_t used, std::optional<CgroupLimit>& kept) {
  if (const auto limit = read_number(file)) keep_tighter(kept, {.limit = *limit, .used = used, .file = file});
}

void read_quota(std::optional<std::uint64_t> quota, std::optional<std::uint64_t> period, const std::string& file,
                std::optional<CgroupQuota>& kept) {
  if (!quota || !period || *quota == kUnlimited || *period == 0) return;
  keep_tighter(kept, {.cores = static_cast<double>(*quota) / static_cast<double>(*period), .file = file});
}

void read_v2(const std::string& folder, Cgroup& cgroup) {
  const std::uint64_t used = used_bytes(folder, "/memory.current", "inactive_file ");
  read_limit(folder + "/memory.max", used, cgroup.memory);
  read_limit(folder + "/memory.high", used, cgroup.memory);  // above it the group is slowed down until it stands still
  read_limit(folder + "/pids.max", read_number(folder + "/pids.current").value_or(0), cgroup.tasks);
  const std::string text = read_text(folder + "/cpu.max").value_or("");
  if (const auto words = words_of(text); words.size() == 2) {
    read_quota(parse_number(words[0]), parse_number(words[1]), folder + "/cpu.max", cgroup.cpu);
  }
}

void read_v1(const std::string& folder, std::string_view controller, Cgroup& cgroup) {
  if (controller == "memory") {
    read_limit(folder + "/memory.limit_in_bytes", used_bytes(folder, "/memory.usage_in_bytes", "total_inactive_file "),
               cgroup.memory);
  } else if (controller == "pids") {
    read_limit(folder + "/pids.max", read_number(folder + "/pids.current").value_or(0), cgroup.tasks);
  } else {
    const std::string file = folder + "/cpu.cfs_quota_us";
    read_quota(read_number(file), read_number(folder + "/cpu.cfs_period_us"), file, cgroup.cpu);
  }
}

}  // namespace

Cgroup read_cgroup(const std::string& root, const std::string& process) {
  const std::string groups = read_text(root + "/proc/" + process + "/cgroup").value_or("");
  Cgroup cgroup;
  for (const Mount& mount : read_mounts(root + "/proc/self/mountinfo")) {
    if (mount.is_v2) {
      const auto group = group_of(groups, "");
      if (!group) continue;
      for (const std::string& folder : folders_of(root, mount, *group)) read_v2(folder, cgroup);
      continue;
    }
    for (const std::string_view controller : {"memory", "pids", "cpu"}) {
      const auto group = has_item(mount.options, controller) ? group_of(groups, controller) : std::nullopt;
      if (!group) continue;
      for (const std::string& folder : folders_of(root, mount, *group)) read_v1(folder, controller, cgroup);
    }
  }
  return cgroup;
}

}  // namespace fanfare::doctor
