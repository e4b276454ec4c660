#include "metrics/exposition.h"

#include <limits>
#include <vector>

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace fanfare::metrics {

namespace {

prometheus::ClientMetric::Histogram histogram_of(const Samples::Histogram& histogram) {
  prometheus::ClientMetric::Histogram result;
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    cumulative += histogram.buckets[i];
    const bool is_last = i + 1 == histogram.buckets.size();
    const double bound = is_last ? std::numeric_limits<double>::infinity() : static_cast<double>(1ULL << i) / 1e6;
    result.bucket.push_back({.cumulative_count = cumulative, .upper_bound = bound});
  }
  result.sample_count = cumulative;
  result.sample_sum = static_cast<double>(histogram.sum_us) / 1e6;
  return result;
}

prometheus::MetricType type_of(MetricKind kind) {
  switch (kind) {
    case MetricKind::kCounter:
      return prometheus::MetricType::Counter;
    case MetricKind::kGauge:
      return prometheus::MetricType::Gauge;
    case MetricKind::kHistogram:
      return prometheus::MetricType::Histogram;
  }
  return prometheus::MetricType::Untyped;
}

prometheus::MetricFamily family_of(const std::string& name, const Samples::Family& family) {
  prometheus::MetricFamily result{.name = name, .help = family.help, .type = type_of(family.kind), .metric = {}};
  for (const auto& [labels, value] : family.values) {
    prometheus::ClientMetric metric;
    for (const auto& [label, text] : labels) metric.label.push_back({.name = label, .value = text});
    metric.counter.value = value.number;
    metric.gauge.value = value.number;
    if (family.kind == MetricKind::kHistogram) metric.histogram = histogram_of(value.histogram);
    result.metric.push_back(std::move(metric));
  }
  return result;
}

// The registry as prometheus-cpp sees it.
class RegistryCollector final : public prometheus::Collectable {
 public:
  explicit RegistryCollector(const Registry& registry) : registry_(registry) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    std::vector<prometheus::MetricFamily> families;
    const Samples samples = registry_.collect();
    for (const auto& [name, family] : samples.families()) families.push_back(family_of(name, family));
    return families;
  }

 private:
  const Registry& registry_;
};

}  // namespace

std::string prometheus_text(const Registry& registry) {
  return prometheus::TextSerializer().Serialize(RegistryCollector(registry).Collect());
}

}  // namespace fanfare::metrics
