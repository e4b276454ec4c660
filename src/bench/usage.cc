#include "bench/usage.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include <sys/resource.h>
#include <unistd.h>

namespace fanfare::bench {

namespace {

double seconds_of(const timeval& time) noexcept {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

// 0: the kernel does not tell.
std::uint64_t rolled_up_rss(const std::string& folder) {
  std::ifstream file(folder + "/smaps_rollup");
  std::string word;
  while (file >> word) {
    std::uint64_t kibibytes = 0;
    if (word == "Rss:" && file >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

std::uint64_t rss_of(const std::string& folder) {
  if (const std::uint64_t bytes = rolled_up_rss(folder); bytes != 0) return bytes;
  std::ifstream file(folder + "/statm");
  std::uint64_t pages = 0;
  file >> pages >> pages;  // the second word
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// Of the living threads, to the nanosecond. 0: the kernel does not tell.
double scheduled_s(const std::string& folder) {
  double nanoseconds = 0;
  std::error_code error;
  for (const auto& thread : std::filesystem::directory_iterator(folder + "/task", error)) {
    double of_thread = 0;
    std::ifstream(thread.path() / "schedstat") >> of_thread;
    nanoseconds += of_thread;
  }
  return nanoseconds / 1e9;
}

Result<Usage> usage_of_one(pid_t pid) {
  const std::string folder = "/proc/" + std::to_string(pid);
  std::ostringstream stat;
  stat << std::ifstream(folder + "/stat").rdbuf();
  const std::string text = stat.str();
  // The program's name stands in parentheses and may hold anything, parentheses too.
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return Error{ErrorKind::kNotFound, "no process " + std::to_string(pid)};
  std::istringstream fields(text.substr(name_end + 1));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  double user_ticks = 0;
  double system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  const double ticks = user_ticks + system_ticks;
  const double cpu_s = std::max(ticks / static_cast<double>(::sysconf(_SC_CLK_TCK)), scheduled_s(folder));
  const double user_s = ticks > 0 ? cpu_s * user_ticks / ticks : 0;
  return Usage{.user_s = user_s, .system_s = cpu_s - user_s, .rss_bytes = rss_of(folder)};
}

}  // namespace

Result<Usage> usage_of(const std::vector<pid_t>& pids) {
  Usage sum;
  for (const pid_t pid : pids) {
    const Result<Usage> one = usage_of_one(pid);
    if (!one.ok()) return one.error();
    sum.user_s += one->user_s;
    sum.system_s += one->system_s;
    sum.rss_bytes += one->rss_bytes;
  }
  return sum;
}

Usage own_usage() noexcept {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return {.user_s = seconds_of(usage.ru_utime), .system_s = seconds_of(usage.ru_stime)};
}

}  // namespace fanfare::bench
