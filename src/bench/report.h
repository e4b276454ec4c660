// Report: what a run found, as text for people, JSON for machines, or a picture.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/histogram.h"

namespace fanfare::bench {

struct Figure {
  std::string key;    // in JSON, unit last: "cpu_us_per_delivery"
  std::string label;  // for people, with its unit: "server CPU per delivery, µs"
  double value = 0;
};

// Values over time or rate, for the plot and for machines.
struct Series {
  std::string key{};
  std::string x_label{};
  std::string y_label{};
  std::vector<std::pair<double, double>> points{};
};

struct Report {
  std::string scenario;
  std::vector<Figure> settings;
  std::vector<Figure> results;
  std::string latency_of;  // "delivery", "answer"; empty: no latency was measured
  std::string latency_since = "it was due";
  Histogram latency;  // nanoseconds
  std::vector<Series> series;
  std::vector<std::string> warnings;  // why the figures may not mean what they seem to

  void add(std::string key, std::string label, double value) {
    results.push_back({std::move(key), std::move(label), value});
  }
  // Null: there is none.
  const Figure* find(std::string_view key) const noexcept;
};

// Whole numbers as such, others with four significant digits: "12", "0.3142".
std::string number_text(double value);

std::string report_text(const Report& report);
// {"scenario":…,"settings":{…},"results":{…},"latency_us":{"of":…,"p50":…},"series":{…},"warnings":[…]}
std::string report_json(const Report& report);

}  // namespace fanfare::bench
