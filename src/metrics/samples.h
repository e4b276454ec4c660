// Samples: what one scrape of the metrics page has read.
//
// Values of one name and one set of labels are summed, so that every loop may add its own counter to them.
// Thread: one.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/counter.h"

namespace fanfare::metrics {

// {"code", "4100"}, {"loop", "0"}; sorted by add, so their order makes no difference. Names: [a-z_]+.
using Labels = std::vector<std::pair<std::string, std::string>>;

enum class MetricKind : std::uint8_t { kCounter, kGauge, kHistogram };

// `name`: fanfare_<module>_<noun>_<unit>; that of a counter ends in _total, that of a histogram in _seconds.
// A name that breaks this, or that is used for two kinds, is a bug and asserted.
struct Metric {
  std::string_view name;
  std::string_view help;  // one sentence, without a full stop
};

class Samples {
 public:
  struct Histogram {
    std::array<std::uint64_t, DurationHistogram::kBuckets> buckets{};  // not cumulative; bounds as DurationHistogram
    std::uint64_t sum_us = 0;
  };
  struct Value {
    double number = 0;  // counters and gauges
    Histogram histogram;
  };
  struct Family {
    std::string help;
    MetricKind kind = MetricKind::kCounter;
    std::map<Labels, Value> values;
  };

  void counter(const Metric& metric, const Labels& labels, std::uint64_t value);
  void gauge(const Metric& metric, const Labels& labels, double value);
  void histogram(const Metric& metric, const Labels& labels, const DurationHistogram& value);

  const std::map<std::string, Family, std::less<>>& families() const noexcept { return families_; }

 private:
  Value& value_of(const Metric& metric, MetricKind kind, const Labels& labels);

  std::map<std::string, Family, std::less<>> families_;
};

}  // namespace fanfare::metrics
