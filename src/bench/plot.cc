#include "bench/plot.h"

#include <cstdio>

#include <fmt/format.h>
#include <sys/wait.h>

namespace fanfare::bench {

namespace {

constexpr int kNotFound = 127;  // the shell's word for it

std::string quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("''") : std::string(1, c);
  return quoted + "'";
}

// Percentiles as HdrHistogram plots them: equal room for each further nine.
std::string latency_script(const Report& report) {
  std::string script = "set logscale x\nset logscale y\nset xlabel 'percentile'\nset ylabel " +
                       quoted("latency of a " + report.latency_of + ", µs") +
                       "\nset xtics ('0' 1, '50' 2, '90' 10, '99' 100, '99.9' 1000, '99.99' 1e4, '99.999' 1e5)\n"
                       "plot '-' using 1:2 with steps linewidth 2 notitle\n";
  constexpr double kLargest = 1e6;
  for (const Histogram::Step& step : report.latency.steps()) {
    const double x = step.share < 1 ? 1 / (1 - step.share) : kLargest;
    script += fmt::format("{} {}\n", std::min(x, kLargest), std::max(static_cast<double>(step.value) / 1e3, 1e-3));
  }
  return script + "e\n";
}

std::string series_script(const Series& series) {
  std::string script = "set xlabel " + quoted(series.x_label) + "\nset ylabel " + quoted(series.y_label) +
                       "\nplot '-' using 1:2 with linespoints linewidth 2 notitle\n";
  for (const auto& [x, y] : series.points) script += fmt::format("{} {}\n", x, y);
  return script + "e\n";
}

}  // namespace

Result<std::string> plot_script(const Report& report, const std::string& path) {
  const bool is_svg = path.ends_with(".svg");
  if (!is_svg && !path.ends_with(".png"))
    return invalid("--plot " + path + ": expected a name that ends in .svg or .png");
  std::string script =
      is_svg ? "set terminal svg size 960,540 background rgb 'white'\n" : "set terminal png size 960,540\n";
  script += "set output " + quoted(path) + "\nset encoding utf8\nset grid\nset title " +
            quoted("fanfare bench " + report.scenario) + "\n";
  if (!report.series.empty() && !report.series.front().points.empty())
    return script + series_script(report.series.front());
  if (report.latency.count() == 0) return invalid("--plot " + path + ": nothing was measured that could be drawn");
  return script + latency_script(report);
}

Status write_plot_blocking(const Report& report, const std::string& path) {
  const Result<std::string> script = plot_script(report, path);
  if (!script.ok()) return script.error();
  std::FILE* gnuplot = ::popen("command -v gnuplot >/dev/null || exit 127; exec gnuplot", "w");
  if (gnuplot == nullptr) return Error{ErrorKind::kIo, "cannot start gnuplot"};
  std::fwrite(script->data(), 1, script->size(), gnuplot);
  const int status = ::pclose(gnuplot);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotFound) {
    return Error{ErrorKind::kUnavailable, "--plot needs gnuplot, which is not installed: apt-get install gnuplot-nox"};
  }
  if (status != 0) return Error{ErrorKind::kIo, "gnuplot could not draw " + path};
  return {};
}

}  // namespace fanfare::bench
