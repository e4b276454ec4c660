// A report's picture, drawn by gnuplot: latency by percentile, or what the scenario has over time or rate.
#pragma once

#include <string>

#include "base/result.h"
#include "bench/report.h"

namespace fanfare::bench {

// For before a run, which may be long. Fails: kInvalid when `path` ends neither in .svg nor in .png; kUnavailable when
// gnuplot is not installed.
Status check_plot_blocking(const std::string& path);

// What gnuplot is told. Fails: kInvalid when `path` ends neither in .svg nor in .png, or there is nothing to draw.
// Pure.
Result<std::string> plot_script(const Report& report, const std::string& path);

// Blocks until it is drawn.
// Fails: as above; kUnavailable when gnuplot is not installed; kIo when it failed, having said why on standard error.
Status write_plot_blocking(const Report& report, const std::string& path);

}  // namespace fanfare::bench
