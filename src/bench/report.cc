#include "bench/report.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "json/json_writer.h"

namespace fanfare::bench {

namespace {

struct Quantile {
  const char* key;
  const char* label;
  double share;
};
constexpr std::array<Quantile, 4> kQuantiles{
    {{"p50", "p50", 0.5}, {"p90", "p90", 0.9}, {"p99", "p99", 0.99}, {"p999", "p99.9", 0.999}}};
constexpr double kNanosecondsInAMicrosecond = 1e3;

double in_us(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / kNanosecondsInAMicrosecond; }

void append_figures(std::string& text, const std::vector<Figure>& figures) {
  for (const Figure& figure : figures)
    text += fmt::format("  {:<42} {:>14}\n", figure.label, number_text(figure.value));
}

void write_figures(json::Writer& writer, std::string_view key, const std::vector<Figure>& figures) {
  writer.key(key).begin_object();
  for (const Figure& figure : figures) writer.key(figure.key).raw(number_text(figure.value));
  writer.end_object();
}

void write_latency(json::Writer& writer, const Report& report) {
  writer.key("latency_us").begin_object().key("of").string(report.latency_of);
  for (const Quantile& one : kQuantiles) {
    writer.key(one.key).raw(number_text(in_us(report.latency.quantile(one.share))));
  }
  writer.key("max").raw(number_text(in_us(report.latency.max())));
  writer.key("count").integer(report.latency.count()).end_object();
}

}  // namespace

const Figure* Report::find(std::string_view key) const noexcept {
  const auto found = std::ranges::find(results, key, &Figure::key);
  return found == results.end() ? nullptr : &*found;
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "0";
  if (std::floor(value) == value && std::abs(value) < 1e15) return fmt::format("{:.0f}", value);
  if (std::abs(value) >= 1e4) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

std::string report_text(const Report& report) {
  std::string text = "fanfare bench " + report.scenario + "\n";
  append_figures(text, report.settings);
  text += "results\n";
  append_figures(text, report.results);
  if (!report.latency_of.empty()) {
    text += "latency of a " + report.latency_of + ", µs, from when " + report.latency_since + "\n";
    for (const Quantile& one : kQuantiles) {
      text += fmt::format("  {:<42} {:>14}\n", one.label, number_text(in_us(report.latency.quantile(one.share))));
    }
    text += fmt::format("  {:<42} {:>14}\n", "max", number_text(in_us(report.latency.max())));
  }
  for (const std::string& warning : report.warnings) text += "warning: " + warning + "\n";
  return text;
}

std::string report_json(const Report& report) {
  std::string text;
  json::Writer writer(text);
  writer.begin_object().key("scenario").string(report.scenario);
  write_figures(writer, "settings", report.settings);
  write_figures(writer, "results", report.results);
  if (!report.latency_of.empty()) write_latency(writer, report);
  writer.key("series").begin_object();
  for (const Series& series : report.series) {
    writer.key(series.key).begin_array();
    for (const auto& [x, y] : series.points) {
      writer.begin_array().raw(number_text(x)).raw(number_text(y)).end_array();
    }
    writer.end_array();
  }
  writer.end_object().key("warnings").begin_array();
  for (const std::string& warning : report.warnings) writer.string(warning);
  writer.end_array().end_object();
  return text;
}

}  // namespace fanfare::bench
