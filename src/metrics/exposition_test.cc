#include "metrics/exposition.h"

#include <map>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::metrics {
namespace {

// The samples of a page: "name{labels}" → value, as text. Comment lines are kept under their whole text.
std::map<std::string, std::string> parse(const std::string& page) {
  std::map<std::string, std::string> lines;
  std::istringstream stream(page);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with("#")) {
      lines[line] = "";
      continue;
    }
    const std::size_t space = line.rfind(' ');
    lines[line.substr(0, space)] = line.substr(space + 1);
  }
  return lines;
}

TEST(ExpositionTest, APageReadsBackAsWhatWasCounted) {
  Counter bytes;
  Gauge open;
  Registry registry;
  registry.add({.name = "fanfare_net_received_bytes_total", .help = "Bytes read"}, {{"loop", "0"}}, bytes);
  registry.add({.name = "fanfare_net_open_sockets", .help = "Sockets open"}, {}, open);
  bytes.add(1'000'000);
  open.set(-2);

  const auto lines = parse(prometheus_text(registry));
  EXPECT_TRUE(lines.contains("# TYPE fanfare_net_received_bytes_total counter"));
  EXPECT_TRUE(lines.contains("# HELP fanfare_net_received_bytes_total Bytes read"));
  EXPECT_TRUE(lines.contains("# TYPE fanfare_net_open_sockets gauge"));
  EXPECT_EQ(std::stod(lines.at("fanfare_net_received_bytes_total{loop=\"0\"}")), 1'000'000);
  EXPECT_EQ(std::stod(lines.at("fanfare_net_open_sockets")), -2);
}

TEST(ExpositionTest, AHistogramIsCumulativeAndInSeconds) {
  DurationHistogram turns;
  Registry registry;
  registry.add({.name = "fanfare_net_turn_seconds", .help = "Length of a turn"}, {}, turns);
  turns.record_us(1);           // bucket 0: at most 1 µs
  turns.record_us(2);           // bucket 1: at most 2 µs
  turns.record_us(60'000'000);  // beyond all bounds

  const auto lines = parse(prometheus_text(registry));
  EXPECT_EQ(lines.at("fanfare_net_turn_seconds_bucket{le=\"1e-06\"}"), "1");
  EXPECT_EQ(lines.at("fanfare_net_turn_seconds_bucket{le=\"+Inf\"}"), "3");
  EXPECT_EQ(lines.at("fanfare_net_turn_seconds_count"), "3");
  EXPECT_NEAR(std::stod(lines.at("fanfare_net_turn_seconds_sum")), 60.000003, 1e-9);
}

TEST(ExpositionTest, LabelsAreEscaped) {
  Registry registry;
  registry.add_source([](Samples& samples) {
    samples.counter({.name = "fanfare_api_requests_total", .help = "h"}, {{"app", "a\"b\\c\nd"}}, 1);
  });
  EXPECT_THAT(prometheus_text(registry), testing::HasSubstr(R"(fanfare_api_requests_total{app="a\"b\\c\nd"} 1)"));
}

TEST(ExpositionTest, AnEmptyRegistryIsAnEmptyPage) { EXPECT_EQ(prometheus_text(Registry()), ""); }

}  // namespace
}  // namespace fanfare::metrics
