// run_bench: one scenario against one server. Blocks until it is done.
#pragma once

#include "base/result.h"
#include "bench/options.h"
#include "bench/report.h"
#include "bench/target.h"

namespace fanfare::bench {

// Thread: one; it blocks.
// BenchOptions::stop ends it before its time, with a warning in the report.
// Fails: kInvalid by check_options(); kUnavailable when it was stopped before it had measured anything; kUnavailable
// when there is no server, or it does not let the clients in;
//        kForbidden when it refused all that there was to measure; kNotFound when a process of `target.pids` is not
//        there. StartupError where the process may not open so many files.
Result<Report> run_bench(const BenchTarget& target, const BenchOptions& options, const Progress& progress);

// The scenarios one by one, for run_bench().
Result<Report> run_deliveries(const BenchTarget& target, const BenchOptions& options, const Progress& progress);
Result<Report> run_presence(const BenchTarget& target, const BenchOptions& options, const Progress& progress);
Result<Report> run_idle(const BenchTarget& target, const BenchOptions& options, const Progress& progress);
Result<Report> run_publish(const BenchTarget& target, const BenchOptions& options, const Progress& progress);
Result<Report> run_churn(const BenchTarget& target, const BenchOptions& options, const Progress& progress);
Result<Report> run_max(const BenchTarget& target, const BenchOptions& options, const Progress& progress);

}  // namespace fanfare::bench
