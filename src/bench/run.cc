#include "bench/run.h"

#include "bench/delivery_run.h"

namespace fanfare::bench {

std::string_view scenario_name(Scenario scenario) noexcept {
  switch (scenario) {
    case Scenario::kFanout:
      return "fanout";
    case Scenario::kRooms:
      return "rooms";
    case Scenario::kClientEvents:
      return "clientevents";
    case Scenario::kPresence:
      return "presence";
    case Scenario::kIdle:
      return "idle";
    case Scenario::kPublish:
      return "publish";
    case Scenario::kChurn:
      return "churn";
    case Scenario::kMax:
      return "max";
  }
  return "unknown";
}

Result<Report> run_deliveries(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  DeliveryRun run(target, options, progress);
  if (Status prepared = run.prepare(); !prepared.ok()) return prepared.error();
  DeliveryStep step(target.pids);
  if (Status done = run.run(options.rate, step); !done.ok()) return done.error();
  if (Status accepted = run.check_accepted(step); !accepted.ok()) return accepted.error();
  return run.report(step);
}

namespace {

Result<Report> run_scenario(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  switch (options.scenario) {
    case Scenario::kFanout:
    case Scenario::kRooms:
    case Scenario::kClientEvents:
      return run_deliveries(target, options, progress);
    case Scenario::kPresence:
      return run_presence(target, options, progress);
    case Scenario::kIdle:
      return run_idle(target, options, progress);
    case Scenario::kPublish:
      return run_publish(target, options, progress);
    case Scenario::kChurn:
      return run_churn(target, options, progress);
    case Scenario::kMax:
      return run_max(target, options, progress);
  }
  return invalid("an unknown scenario");
}

}  // namespace

Result<Report> run_bench(const BenchTarget& target, const BenchOptions& options, const Progress& progress) {
  if (Status checked = check_options(options); !checked.ok()) return checked.error();
  Result<Report> report = run_scenario(target, options, progress);
  if (report.ok() && options.is_stopped()) report->warnings.emplace_back("it was stopped before its time");
  return report;
}

}  // namespace fanfare::bench
