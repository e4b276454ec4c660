// idle: connections that do nothing, and what one costs: to make, to keep, to end.
#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "bench/crowd.h"
#include "bench/meter.h"
#include "bench/run.h"
#include "bench/seat.h"

namespace fanfare::bench {

namespace {

constexpr Nanoseconds kProgressPeriod = 5 * kNanosecondsInASecond;
constexpr Nanoseconds kSettle = kNanosecondsInASecond / 2;

class IdleRun final : private Crowd {
 public:
  IdleRun(const BenchTarget& target, const BenchOptions& options, const Progress& progress)
      : Crowd(target, options.clients, options.window),
        options_(options),
        progress_(progress),
        connecting_(target.pids),
        idling_(target.pids),
        closing_(target.pids) {}

  Status run() {
    // The first connection pays for what a server does once, such as pages of libraries that are touched for the first
    // time: it is not measured.
    if (Status opened = open(0, 1, options_, progress_); !opened.ok()) return opened;
    wait(kSettle);
    if (Status started = connecting_.start(); !started.ok()) return started;
    const Nanoseconds started = PollLoop::now();
    if (Status opened = open(1, size(), options_, progress_); !opened.ok()) return opened;
    connect_seconds_ = static_cast<double>(PollLoop::now() - started) / 1e9;
    wait(kSettle);
    if (Status stopped = connecting_.stop(); !stopped.ok()) return stopped;
    if (Status begun = idling_.start(); !begun.ok()) return begun;
    wait(std::chrono::nanoseconds(options_.duration).count());
    if (Status stopped = idling_.stop(); !stopped.ok()) return stopped;
    if (Status begun = closing_.start(); !begun.ok()) return begun;
    for (std::uint32_t i = 0; i < size(); ++i) client(i).close();
    wait(kSettle);
    return closing_.stop();
  }

  Report report() const {
    const auto count = static_cast<double>(size());
    const double measured = std::max(count - 1, 1.0);
    Report report;
    report.scenario = "idle";
    report.settings = {{"connections", "connections", count},
                       {"channels", "channels", static_cast<double>(options_.rooms)},
                       {"window", "opened at a time", static_cast<double>(options_.window)}};
    report.add("connects_per_second", "connect + subscribe, a second", measured / connect_seconds_);
    report.add("connections_lost", "connections lost", static_cast<double>(ended()));
    connecting_.add_to(report, "connect", measured);
    if (connecting_.knows_server()) {
      const auto grown = static_cast<double>(connecting_.rss_after()) - static_cast<double>(connecting_.rss_before());
      report.add("rss_bytes_per_connection", "server RSS a connection, bytes", grown / measured);
      if (grown <= 0) {
        report.warnings.emplace_back(
            "the server's RSS did not grow: it had memory from before; measure it newly started");
      }
      report.add("rss_bytes_before", "server RSS before, bytes", static_cast<double>(connecting_.rss_before()));
      const double idle_cpu = idling_.server_user_s() + idling_.server_system_s();
      report.add("idle_busy_percent", "server CPU while idle, % of a core", 100 * idle_cpu / idling_.seconds());
      const double close_cpu = closing_.server_user_s() + closing_.server_system_s();
      report.add("cpu_us_per_close", "server CPU per close, µs", 1e6 * close_cpu / count);
      report.add("rss_bytes_after_close", "server RSS after the closes, bytes",
                 static_cast<double>(closing_.rss_after()));
    }
    report.latency_of = "connect + subscribe";
    report.latency_since = "it began";
    report.latency = latency_;
    if (ended() != 0) report.warnings.push_back("connections were lost: " + first_ending());
    return report;
  }

 private:
  void wait(Nanoseconds time) {
    const Nanoseconds begin = PollLoop::now();
    const Nanoseconds end = begin + time;
    Nanoseconds next_progress = begin + kProgressPeriod;
    for (Nanoseconds now = begin; now < end && !options_.is_stopped(); now = PollLoop::now()) {
      if (now >= next_progress) {
        progress_(fmt::format("idle for {} s, {} connections lost", (now - begin) / kNanosecondsInASecond, ended()));
        next_progress += kProgressPeriod;
      }
      keep_alive();
      loop().turn(std::min(end, PollLoop::now() + kNanosecondsInASecond));
    }
  }

  Place place_of(std::uint32_t client) const override {
    const Seat seat = seat_of(client, options_.rooms, options_.kind);
    return {seat.channel, seat.member};
  }
  void on_subscribed(Client& client, std::string_view payload) override {
    latency_.record(static_cast<std::uint64_t>(PollLoop::now() - client.opened_at()));
    Crowd::on_subscribed(client, payload);
  }
  void on_event(Client& /*client*/, const Stamp& /*stamp*/, Nanoseconds /*received*/) override {}

  const BenchOptions& options_;
  const Progress& progress_;
  UsageMeter connecting_;
  UsageMeter idling_;
  UsageMeter closing_;
  Histogram latency_;
  double connect_seconds_ = 0;
};

}  // namespace

Result<Report> run_idle(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  IdleRun run(target, options, progress);
  if (Status done = run.run(); !done.ok()) return done.error();
  return run.report();
}

}  // namespace fanfare::bench
