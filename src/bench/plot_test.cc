#include "bench/plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

Report with_latency() {
  Report report;
  report.scenario = "fanout";
  report.latency_of = "delivery";
  for (std::uint64_t i = 1; i <= 100; ++i) report.latency.record(i * 1'000);
  return report;
}

TEST(PlotTest, DrawsLatencyByPercentile) {
  const auto script = plot_script(with_latency(), "a'b.svg");
  ASSERT_TRUE(script.ok());
  EXPECT_THAT(*script, HasSubstr("set terminal svg"));
  EXPECT_THAT(*script, HasSubstr("set output 'a''b.svg'"));
  EXPECT_THAT(*script, HasSubstr("latency of a delivery"));
  EXPECT_THAT(*script, HasSubstr("\n1000000 100"));
}

TEST(PlotTest, PrefersWhatTheScenarioHasOverTime) {
  Report report = with_latency();
  report.series = {{"rss_bytes", "time, s", "RSS, bytes", {{1, 2}, {3, 4}}}};
  const auto script = plot_script(report, "x.png");
  ASSERT_TRUE(script.ok());
  EXPECT_THAT(*script, HasSubstr("set terminal png"));
  EXPECT_THAT(*script, HasSubstr("\n1 2\n3 4\ne\n"));
}

TEST(PlotTest, AFlatLineHasARange) {
  Report report;
  report.series = {{"rss_bytes", "time, s", "RSS, bytes", {{1, 20}, {2, 20}}}};
  EXPECT_THAT(*plot_script(report, "x.svg"), HasSubstr("\nset yrange [18:22]\n"));
  report.series.front().points = {{1, 0}};
  EXPECT_THAT(*plot_script(report, "x.svg"), HasSubstr("\nset yrange [-1:1]\n"));
  report.series.front().points = {{1, 2}, {3, 4}};
  EXPECT_THAT(*plot_script(report, "x.svg"), Not(HasSubstr("yrange")));
}

TEST(PlotTest, SaysWhatItCannotDraw) {
  EXPECT_THAT(check_plot_blocking("x.pdf").error().message, HasSubstr(".svg or .png"));
  EXPECT_THAT(plot_script(with_latency(), "x.pdf").error().message, HasSubstr(".svg or .png"));
  EXPECT_THAT(plot_script(Report{}, "x.svg").error().message, HasSubstr("nothing was measured"));
}

}  // namespace
}  // namespace fanfare::bench
