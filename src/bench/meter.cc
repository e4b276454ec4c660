#include "bench/meter.h"

#include <fmt/format.h>

#include "bench/poll_loop.h"

namespace fanfare::bench {

namespace {
constexpr double kMicrosecondsInASecond = 1e6;
constexpr double kServerSecondsMin = 0.2;
}  // namespace

Status UsageMeter::start() { return take(0); }
Status UsageMeter::stop() { return take(1); }

Status UsageMeter::take(std::size_t moment) {
  const Result<Usage> server = usage_of(pids_);
  if (!server.ok()) return Error{server.error().kind, "the server's CPU time: " + server.error().message};
  server_[moment] = *server;
  own_[moment] = own_usage();
  time_[moment] = PollLoop::now();
  return {};
}

double UsageMeter::seconds() const noexcept { return static_cast<double>(time_[1] - time_[0]) / 1e9; }

void UsageMeter::add_to(Report& report, const std::string& what, double count) const {
  if (count <= 0) return;
  const double scale = kMicrosecondsInASecond / count;
  if (knows_server()) {
    const double cpu = server_user_s() + server_system_s();
    report.add("cpu_us_per_" + what, "server CPU per " + what + ", µs", cpu * scale);
    report.add("cpu_user_us_per_" + what, "  user", server_user_s() * scale);
    report.add("cpu_system_us_per_" + what, "  system", server_system_s() * scale);
    report.add("server_busy_percent", "server CPU, % of a core", 100 * cpu / seconds());
    report.add("rss_bytes", "server RSS at the end, bytes", static_cast<double>(rss_after()));
    if (cpu < kServerSecondsMin) {
      report.warnings.push_back(
          fmt::format("the server used only {:.3f} s of CPU: a longer run or a higher rate is more exact", cpu));
    }
  }
  const double busy = generator_s() / seconds();
  report.add("generator_us_per_" + what, "generator CPU per " + what + ", µs", generator_s() * scale);
  report.add("generator_busy_percent", "generator CPU, % of a core", 100 * busy);
  if (busy > kGeneratorBusyMax) {
    report.warnings.push_back(fmt::format(
        "the generator was {:.0f} % busy: what it measured may be its own limit, not the server's", 100 * busy));
  }
}

}  // namespace fanfare::bench
