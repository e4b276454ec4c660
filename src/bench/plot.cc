#include "bench/plot.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include <fmt/format.h>

namespace fanfare::bench {

namespace {

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

// What a flat line would leave open, with a warning.
std::string y_range(const Series& series) {
  const auto [lowest, highest] =
      std::ranges::minmax(series.points, {}, [](const std::pair<double, double>& point) { return point.second; });
  if (lowest.second != highest.second) return "";
  const double margin = lowest.second == 0 ? 1 : std::abs(lowest.second) / 10;
  return fmt::format("set yrange [{}:{}]\n", lowest.second - margin, lowest.second + margin);
}

std::string series_script(const Series& series) {
  std::string script = "set xlabel " + quoted(series.x_label) + "\nset ylabel " + quoted(series.y_label) + "\n" +
                       y_range(series) + "plot '-' using 1:2 with linespoints linewidth 2 notitle\n";
  for (const auto& [x, y] : series.points) script += fmt::format("{} {}\n", x, y);
  return script + "e\n";
}

Status check_name(const std::string& path) {
  if (path.ends_with(".svg") || path.ends_with(".png")) return {};
  return invalid("--plot " + path + ": expected a name that ends in .svg or .png");
}

}  // namespace

Result<std::string> plot_script(const Report& report, const std::string& path) {
  if (Status checked = check_name(path); !checked.ok()) return checked.error();
  const bool is_svg = path.ends_with(".svg");
  std::string script =
      is_svg ? "set terminal svg size 960,540 background rgb 'white'\n" : "set terminal png size 960,540\n";
  script += "set output " + quoted(path) + "\nset encoding utf8\nset grid\nset title " +
            quoted("fanfare bench " + report.scenario) + "\n";
  if (!report.series.empty() && !report.series.front().points.empty())
    return script + series_script(report.series.front());
  if (report.latency.count() == 0) return invalid("--plot " + path + ": nothing was measured that could be drawn");
  return script + latency_script(report);
}

Status check_plot_blocking(const std::string& path) {
  if (Status named = check_name(path); !named.ok()) return named;
  std::FILE* shell = ::popen("command -v gnuplot >/dev/null", "r");
  if (shell != nullptr && ::pclose(shell) == 0) return {};
  return Error{ErrorKind::kUnavailable, "--plot needs gnuplot, which is not installed: apt-get install gnuplot-nox"};
}

Status write_plot_blocking(const Report& report, const std::string& path) {
  const Result<std::string> script = plot_script(report, path);
  if (!script.ok()) return script.error();
  if (Status able = check_plot_blocking(path); !able.ok()) return able;
  std::FILE* gnuplot = ::popen("exec gnuplot >/dev/null", "w");
  if (gnuplot == nullptr) return Error{ErrorKind::kIo, "cannot start gnuplot"};
  std::fwrite(script->data(), 1, script->size(), gnuplot);
  if (::pclose(gnuplot) != 0) return Error{ErrorKind::kIo, "gnuplot could not draw " + path};
  return {};
}

}  // namespace fanfare::bench
