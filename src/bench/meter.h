// UsageMeter: CPU and memory between two moments, of the server (where its process is known) and of the generator.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/report.h"
#include "bench/schedule.h"
#include "bench/usage.h"

namespace fanfare::bench {

class UsageMeter {
 public:
  // Of the generator's one core: beyond it, latencies are its own as much as the server's.
  static constexpr double kGeneratorBusyMax = 0.85;

  explicit UsageMeter(std::vector<pid_t> pids) : pids_(std::move(pids)) {}

  Status start();
  Status stop();

  bool knows_server() const noexcept { return !pids_.empty(); }
  double seconds() const noexcept;
  double server_user_s() const noexcept { return server_[1].user_s - server_[0].user_s; }
  double server_system_s() const noexcept { return server_[1].system_s - server_[0].system_s; }
  double generator_s() const noexcept { return own_[1].cpu_s() - own_[0].cpu_s(); }
  std::uint64_t rss_before() const noexcept { return server_[0].rss_bytes; }
  std::uint64_t rss_after() const noexcept { return server_[1].rss_bytes; }

  // "cpu_us_per_<what>" with its parts, "rss_bytes" and what the generator used; a warning when that was too much.
  void add_to(Report& report, const std::string& what, double count) const;

 private:
  Status take(std::size_t moment);

  std::vector<pid_t> pids_;
  Usage server_[2];
  Usage own_[2];
  Nanoseconds time_[2]{};
};

}  // namespace fanfare::bench
