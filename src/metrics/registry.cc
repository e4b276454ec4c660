#include "metrics/registry.h"

#include <utility>

namespace fanfare::metrics {

void Registry::add(const Metric& metric, Labels labels, const Counter& counter) {
  add_entry({std::string(metric.name), std::string(metric.help), std::move(labels), &counter});
}

void Registry::add(const Metric& metric, Labels labels, const Gauge& gauge) {
  add_entry({std::string(metric.name), std::string(metric.help), std::move(labels), &gauge});
}

void Registry::add(const Metric& metric, Labels labels, const DurationHistogram& histogram) {
  add_entry({std::string(metric.name), std::string(metric.help), std::move(labels), &histogram});
}

void Registry::add_source(Source source) { sources_.push_back(std::move(source)); }

void Registry::add_entry(Entry entry) { entries_.push_back(std::move(entry)); }

Samples Registry::collect() const {
  Samples samples;
  for (const Entry& entry : entries_) {
    const Metric metric{.name = entry.name, .help = entry.help};
    if (const auto* counter = std::get_if<const Counter*>(&entry.value)) {
      samples.counter(metric, entry.labels, (*counter)->value());
    } else if (const auto* gauge = std::get_if<const Gauge*>(&entry.value)) {
      samples.gauge(metric, entry.labels, static_cast<double>((*gauge)->value()));
    } else {
      samples.histogram(metric, entry.labels, **std::get_if<const DurationHistogram*>(&entry.value));
    }
  }
  for (const Source& source : sources_) source(samples);
  return samples;
}

}  // namespace fanfare::metrics
