#include "doctor/host_reader.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "base/bytes.h"
#include "doctor/cgroup_reader.h"
#include "doctor/kernel_file.h"
#include "doctor/quantity.h"

namespace fanfare::doctor {

namespace {

std::optional<std::uint64_t> parse_hexadecimal(std::string_view word) {
  std::uint64_t value = 0;
  constexpr int kBase = 16;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value, kBase);
  return error == std::errc() && end == word.data() + word.size() ? std::optional(value) : std::nullopt;
}

// "0-3,8": 5. Format: cpuset(7), "List format".
std::optional<std::uint64_t> count_cores(std::string_view list) {
  std::uint64_t count = 0;
  while (!list.empty()) {
    const std::string_view range = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), range.size() + 1));
    const std::size_t dash = range.find('-');
    const auto first = parse_number(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_number(range.substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    count += *last - *first + 1;
  }
  return count == 0 ? std::nullopt : std::optional(count);
}

std::optional<Triple> read_triple(const std::string& path) {
  const std::string text = read_text(path).value_or("");
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() != 3) return std::nullopt;
  const auto low = parse_number(words[0]);
  const auto middle = parse_number(words[1]);
  const auto high = parse_number(words[2]);
  if (!low || !middle || !high) return std::nullopt;
  return Triple{*low, *middle, *high};
}

std::optional<PortRange> read_port_range(const std::string& path) {
  const std::string text = read_text(path).value_or("");
  const std::vector<std::string_view> words = words_of(text);
  if (words.size() != 2) return std::nullopt;
  const auto first = parse_number(words[0]);
  const auto last = parse_number(words[1]);
  if (!first || !last) return std::nullopt;
  return PortRange{*first, *last};
}

// "always [madvise] never": madvise.
std::string chosen_of(std::string_view text) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.find(']', open == std::string_view::npos ? 0 : open);
  if (open == std::string_view::npos || close == std::string_view::npos) return {};
  return std::string(text.substr(open + 1, close - open - 1));
}

std::string first_word_of(const std::string& text) {
  const std::vector<std::string_view> words = words_of(text);
  return words.empty() ? std::string() : std::string(words.front());
}

std::optional<std::uint64_t> in_bytes(std::optional<std::uint64_t> kibibytes) {
  return kibibytes ? std::optional(times(*kibibytes, kKiB)) : std::nullopt;
}

// Formats: proc(5), /proc/[pid]/limits and /proc/[pid]/status.
void read_process(const std::string& folder, Host& host) {
  const std::string limits = read_text(folder + "/limits").value_or("");
  const std::vector<std::string_view> open_files = words_behind(limits, "Max open files");
  if (open_files.size() >= 2) {
    host.open_files_soft = parse_number(open_files[0]);
    host.open_files_hard = parse_number(open_files[1]);
  }
  const std::string status = read_text(folder + "/status").value_or("");
  const std::vector<std::string_view> cores = words_behind(status, "Cpus_allowed_list:");
  if (!cores.empty()) host.usable_cores = count_cores(cores.front());
  constexpr std::uint64_t kSysResource = 1ULL << 24U;  // CAP_SYS_RESOURCE of capabilities(7)
  const std::vector<std::string_view> capabilities = words_behind(status, "CapEff:");
  if (!capabilities.empty()) {
    host.may_raise_limits = (parse_hexadecimal(capabilities.front()).value_or(0) & kSysResource) != 0;
  }
}

void read_machine(const std::string& root, Host& host) {
  const std::string fs = root + "/proc/sys/fs";
  host.nr_open = read_number(fs + "/nr_open");
  host.file_max = read_number(fs + "/file-max");
  const std::string file_nr = read_text(fs + "/file-nr").value_or("");
  if (const auto words = words_of(file_nr); !words.empty()) host.files_allocated = parse_number(words.front());
  const std::string memory = read_text(root + "/proc/meminfo").value_or("");
  host.memory_available = in_bytes(number_behind(memory, "MemAvailable:"));
  host.swap_total = in_bytes(number_behind(memory, "SwapTotal:"));
  host.swappiness = read_number(root + "/proc/sys/vm/swappiness");
  host.transparent_huge_pages = chosen_of(read_text(root + "/sys/kernel/mm/transparent_hugepage/enabled").value_or(""));
  const std::string clocks = root + "/sys/devices/system/clocksource/clocksource0";
  host.clock_source = first_word_of(read_text(clocks + "/current_clocksource").value_or(""));
  const std::string available = read_text(clocks + "/available_clocksource").value_or("");
  for (const std::string_view name : words_of(available)) host.clock_sources.emplace_back(name);
  if (const long page = ::sysconf(_SC_PAGESIZE); page > 0) host.page_bytes = static_cast<std::uint64_t>(page);
}

void read_network(const std::string& net, Host& host) {
  host.somaxconn = read_number(net + "/core/somaxconn");
  host.tcp_max_syn_backlog = read_number(net + "/ipv4/tcp_max_syn_backlog");
  host.tcp_syncookies = read_number(net + "/ipv4/tcp_syncookies");
  host.local_ports = read_port_range(net + "/ipv4/ip_local_port_range");
  host.tcp_mem = read_triple(net + "/ipv4/tcp_mem");
  host.tcp_rmem = read_triple(net + "/ipv4/tcp_rmem");
  host.tcp_wmem = read_triple(net + "/ipv4/tcp_wmem");
  host.conntrack_max = read_number(net + "/netfilter/nf_conntrack_max");
  host.conntrack_count = read_number(net + "/netfilter/nf_conntrack_count");
}

}  // namespace

Host read_host(const std::string& root, const std::string& process) {
  Host host;
  read_process(root + "/proc/" + process, host);
  host.cgroup = read_cgroup(root, process);
  read_machine(root, host);
  read_network(root + "/proc/sys/net", host);
  return host;
}

}  // namespace fanfare::doctor
