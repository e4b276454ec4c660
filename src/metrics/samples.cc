#include "metrics/samples.h"

#include <algorithm>

#include "base/assert.h"

namespace fanfare::metrics {

namespace {

bool is_metric_name(std::string_view name, MetricKind kind) {
  const bool has_good_letters = std::ranges::all_of(name, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '_';
  });
  if (!name.starts_with("fanfare_") || !has_good_letters) return false;
  switch (kind) {
    case MetricKind::kCounter:
      return name.ends_with("_total");
    case MetricKind::kHistogram:
      return name.ends_with("_seconds");
    case MetricKind::kGauge:
      return !name.ends_with("_total");
  }
  return false;
}

}  // namespace

void Samples::counter(const Metric& metric, const Labels& labels, std::uint64_t value) {
  value_of(metric, MetricKind::kCounter, labels).number += static_cast<double>(value);
}

void Samples::gauge(const Metric& metric, const Labels& labels, double value) {
  value_of(metric, MetricKind::kGauge, labels).number += value;
}

void Samples::histogram(const Metric& metric, const Labels& labels, const DurationHistogram& value) {
  Histogram& sum = value_of(metric, MetricKind::kHistogram, labels).histogram;
  for (std::size_t i = 0; i < sum.buckets.size(); ++i) sum.buckets[i] += value.bucket(i);
  sum.sum_us += value.sum_us();
}

Samples::Value& Samples::value_of(const Metric& metric, MetricKind kind, const Labels& labels) {
  auto family = families_.find(metric.name);
  if (family == families_.end()) {
    FANFARE_ASSERT(is_metric_name(metric.name, kind));
    family = families_.emplace(metric.name, Family{.help = std::string(metric.help), .kind = kind, .values = {}}).first;
  }
  FANFARE_ASSERT(family->second.kind == kind);
  Labels sorted = labels;
  std::ranges::sort(sorted);
  return family->second.values[std::move(sorted)];
}

}  // namespace fanfare::metrics
