// max: the highest rate of a fanout at which all is delivered and the p99 stays below its bound.
#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "bench/delivery_run.h"
#include "bench/rate_search.h"
#include "bench/run.h"

namespace fanfare::bench {

namespace {

// Why a step is beyond the limit. Empty: it is not.
std::string fault_of(const DeliveryStep& step, const BenchOptions& options) {
  const double p99_ms = static_cast<double>(step.latency.quantile(0.99)) / 1e6;
  if (!step.counts.is_clean()) return fmt::format("{} of {} lost", step.counts.lost, step.counts.expected);
  if (step.unsent != 0) return fmt::format("{} publishes not answered in time", step.unsent);
  if (step.counts.refused != 0) return fmt::format("{} events refused", step.counts.refused);
  if (p99_ms > static_cast<double>(options.latency_max.count())) return fmt::format("p99 {:.1f} ms", p99_ms);
  return {};
}

// How late deliveries are at a load that leaves room. Nothing: that rate failed, too.
std::optional<double> p99_at_half(DeliveryRun& run, const BenchTarget& target, double best) {
  DeliveryStep step(target.pids);
  if (best == 0 || !run.run(best / 2, step).ok() || !step.counts.is_clean()) return std::nullopt;
  return static_cast<double>(step.latency.quantile(0.99)) / 1e3;
}

}  // namespace

Result<Report> run_max(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  DeliveryRun run(target, options, progress);
  if (Status prepared = run.prepare(); !prepared.ok()) return prepared.error();
  RateSearch search(options.rate);
  auto best = std::make_unique<DeliveryStep>(target.pids);
  std::string last_fault = "none";
  Series p99{"p99_ms_by_rate", "events/s", "p99, ms", {}};
  while (search.goes_on() && !options.is_stopped()) {
    auto step = std::make_unique<DeliveryStep>(target.pids);
    if (Status done = run.run(search.next(), *step); !done.ok()) {
      last_fault = done.error().message;  // the server let go of clients: that is the end of the search
      break;
    }
    if (Status accepted = run.check_accepted(*step); !accepted.ok()) return accepted.error();
    if (options.is_stopped()) break;  // a step that was cut short
    const std::string fault = fault_of(*step, options);
    p99.points.emplace_back(step->rate, static_cast<double>(step->latency.quantile(0.99)) / 1e6);
    progress(fmt::format("{:.0f} events/s: {:.0f} deliveries/s, p99 {:.3f} ms: {}", step->rate,
                         step->deliveries_a_second(), p99.points.back().second, fault.empty() ? "passed" : fault));
    search.report(fault.empty());
    if (fault.empty()) {
      best = std::move(step);
    } else {
      last_fault = fault;
    }
  }
  Report report = run.report(*best);
  report.add("max_events_per_second", "highest rate that passed, events/s", search.best());
  if (search.best() == 0 && options.is_stopped()) return stopped_early().error();
  if (const auto half = p99_at_half(run, target, search.best())) {
    report.add("p99_us_at_half", "p99 at half of that rate, µs", *half);
  }
  std::ranges::sort(p99.points);  // the search goes to and fro
  report.series.push_back(std::move(p99));
  report.warnings.push_back("the limit beyond it: " + last_fault);
  return report;
}

}  // namespace fanfare::bench
