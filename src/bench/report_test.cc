#include "bench/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json_reader.h"

namespace fanfare::bench {
namespace {

using testing::HasSubstr;
using testing::Not;

Report sample() {
  Report report;
  report.scenario = "fanout";
  report.settings = {{"rate", "events/s", 50}};
  report.add("lost", "  lost", 0);
  report.add("cpu_us_per_delivery", "server CPU per delivery, µs", 5.25);
  report.latency_of = "delivery";
  report.latency.record(100'000);
  report.series = {{"p99_ms_by_rate", "events/s", "p99, ms", {{10, 0.5}}}};
  report.warnings = {"mind the \"gap\""};
  return report;
}

TEST(ReportTest, JsonHasEverything) {
  const std::string text = report_json(sample());
  json::Reader reader;
  ASSERT_TRUE(reader.parse_object(text).ok()) << text;
  EXPECT_EQ(reader.find("scenario")->text, "fanout");
  EXPECT_EQ(reader.find("settings")->raw, R"({"rate":50})");
  EXPECT_EQ(reader.find("results")->raw, R"({"lost":0,"cpu_us_per_delivery":5.25})");
  EXPECT_THAT(reader.find("latency_us")->raw, HasSubstr(R"("p50":100,)"));
  EXPECT_EQ(reader.find("series")->raw, R"({"p99_ms_by_rate":[[10,0.5]]})");
  EXPECT_EQ(reader.find("warnings")->raw, R"(["mind the \"gap\""])");
}

TEST(ReportTest, TextIsForPeople) {
  const std::string text = report_text(sample());
  EXPECT_THAT(text, HasSubstr("server CPU per delivery, µs"));
  EXPECT_THAT(text, HasSubstr("p99.9"));
  EXPECT_THAT(text, HasSubstr("warning: mind"));
  EXPECT_THAT(text, HasSubstr("from when it was due"));
  Report without = sample();
  without.latency_of.clear();
  EXPECT_THAT(report_text(without), Not(HasSubstr("p99")));
}

TEST(ReportTest, NumbersAreExactWhereTheyCount) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(499'500), "499500");
  EXPECT_EQ(number_text(123'456'789'012.0), "123456789012");
  EXPECT_EQ(number_text(0.31415926), "0.3142");
  EXPECT_EQ(number_text(12'345.67), "12346");
  EXPECT_EQ(number_text(1.0 / 0.0), "0");
}

TEST(ReportTest, FindsAResult) {
  const Report report = sample();
  ASSERT_NE(report.find("lost"), nullptr);
  EXPECT_EQ(report.find("lost")->value, 0);
  EXPECT_EQ(report.find("nothing"), nullptr);
}

}  // namespace
}  // namespace fanfare::bench
