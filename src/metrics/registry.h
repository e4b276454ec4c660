// Registry: where the counters, gauges and histograms of all loops are known by name.
//
//   registry.add({"fanfare_net_received_bytes_total", "Bytes read from clients"}, {}, loop.stats().received_bytes);
//   registry.add_source([&](Samples& samples) { … });   // what has labels that come and go: codes, apps
//
// Thread: add and add_source before the first scrape; collect() from any one thread at a time, while the loops write.
// Owns:   nothing it reads: what was added must outlive the registry.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "base/counter.h"
#include "metrics/samples.h"

namespace fanfare::metrics {

class Registry {
 public:
  // Called at each scrape, on the scraping thread: it may read only what is atomic or immutable.
  using Source = std::function<void(Samples&)>;

  // Adding the same metric and labels again (the next loop's) sums them.
  void add(const Metric& metric, Labels labels, const Counter& counter);
  void add(const Metric& metric, Labels labels, const Gauge& gauge);
  void add(const Metric& metric, Labels labels, const DurationHistogram& histogram);
  void add_source(Source source);

  // Reads everything now.
  Samples collect() const;

 private:
  struct Entry {
    std::string name;
    std::string help;
    Labels labels;
    std::variant<const Counter*, const Gauge*, const DurationHistogram*> value;
  };

  void add_entry(Entry entry);

  std::vector<Entry> entries_;
  std::vector<Source> sources_;
};

}  // namespace fanfare::metrics
