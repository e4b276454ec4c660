#include "metrics/registry.h"

#include <gtest/gtest.h>

#include "metrics/exposition.h"

namespace fanfare::metrics {
namespace {

constexpr Metric kBytes{.name = "fanfare_net_received_bytes_total", .help = "Bytes read from clients"};
constexpr Metric kOpen{.name = "fanfare_net_open_sockets", .help = "Sockets open now"};
constexpr Metric kTurns{.name = "fanfare_net_turn_seconds", .help = "Length of a turn"};
constexpr Metric kRefused{.name = "fanfare_session_refused_connections_total", .help = "Refused connections by code"};

const Samples::Value& only_value(const Samples& samples, const Metric& metric, const Labels& labels) {
  return samples.families().at(std::string(metric.name)).values.at(labels);
}

TEST(RegistryTest, SumsTheCountersOfAllLoops) {
  Counter first;
  Counter second;
  Registry registry;
  registry.add(kBytes, {}, first);
  registry.add(kBytes, {}, second);
  first.add(5);
  second.add(7);
  EXPECT_EQ(only_value(registry.collect(), kBytes, {}).number, 12);
}

TEST(RegistryTest, KeepsLoopsApartThatAreLabelled) {
  Counter first;
  Counter second;
  Registry registry;
  registry.add(kBytes, {{"loop", "0"}}, first);
  registry.add(kBytes, {{"loop", "1"}}, second);
  first.add(5);
  second.add(7);
  const Samples samples = registry.collect();
  EXPECT_EQ(only_value(samples, kBytes, {{"loop", "0"}}).number, 5);
  EXPECT_EQ(only_value(samples, kBytes, {{"loop", "1"}}).number, 7);
}

TEST(RegistryTest, ReadsTheValuesOfTheMomentOfEachScrape) {
  Gauge open;
  Registry registry;
  registry.add(kOpen, {}, open);
  open.set(3);
  EXPECT_EQ(only_value(registry.collect(), kOpen, {}).number, 3);
  open.add(-1);
  EXPECT_EQ(only_value(registry.collect(), kOpen, {}).number, 2);
}

TEST(RegistryTest, SumsHistogramsBucketByBucket) {
  DurationHistogram first;
  DurationHistogram second;
  Registry registry;
  registry.add(kTurns, {}, first);
  registry.add(kTurns, {}, second);
  first.record_us(1);
  second.record_us(1);
  second.record_us(3);
  const Samples::Histogram sum = only_value(registry.collect(), kTurns, {}).histogram;
  EXPECT_EQ(sum.buckets[0], 2U);
  EXPECT_EQ(sum.buckets[2], 1U);
  EXPECT_EQ(sum.sum_us, 5U);
}

TEST(RegistryTest, SourcesAddLabelsThatComeAndGo) {
  Registry registry;
  std::uint64_t code = 4001;
  registry.add_source([&](Samples& samples) { samples.counter(kRefused, {{"code", std::to_string(code)}}, 2); });
  EXPECT_EQ(only_value(registry.collect(), kRefused, {{"code", "4001"}}).number, 2);
  code = 4009;
  EXPECT_EQ(registry.collect().families().at(std::string(kRefused.name)).values.size(), 1U);
}

TEST(RegistryTest, LabelsInAnotherOrderAreTheSame) {
  Samples samples;
  samples.counter(kRefused, {{"app", "a"}, {"code", "1"}}, 1);
  samples.counter(kRefused, {{"code", "1"}, {"app", "a"}}, 2);
  EXPECT_EQ(only_value(samples, kRefused, {{"app", "a"}, {"code", "1"}}).number, 3);
}

TEST(RegistryDeathTest, ANameThatBreaksTheRulesIsOurBug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Samples samples;
  EXPECT_DEATH(samples.counter({.name = "received_bytes_total", .help = ""}, {}, 1), "is_metric_name");
  EXPECT_DEATH(samples.counter({.name = "fanfare_net_received", .help = ""}, {}, 1), "is_metric_name");
  samples.counter(kBytes, {}, 1);
  EXPECT_DEATH(samples.gauge(kBytes, {}, 1), "kind");
}

}  // namespace
}  // namespace fanfare::metrics
