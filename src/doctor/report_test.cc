#include "doctor/report.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "doctor/doctor.h"
#include "json/json_reader.h"

namespace fanfare::doctor {
namespace {

std::vector<Check> some_checks() {
  return {{.id = "one", .verdict = Verdict::kOk, .found = "7", .needed = "6"},
          {.id = "two", .verdict = Verdict::kWarn, .found = "5", .needed = "6", .remedies = {{"run", "set \"6\""}}},
          {.id = "three", .verdict = Verdict::kFail, .found = "a: wrong\nb: wrong", .needed = "no fault"},
          {.id = "four", .verdict = Verdict::kUnknown, .found = "hidden", .needed = "6"}};
}

TEST(ReportTest, TellsWhatIsNeededWhereSomethingIsWrong) {
  EXPECT_EQ(report_text({.connections = 10'000}, some_checks()),
            "For 10,000 connections:\n"
            "ok       one                     7\n"
            "warn     two                     5\n"
            "         needed: 6\n"
            "         run: set \"6\"\n"
            "fail     three\n"
            "         a: wrong\n"
            "         b: wrong\n"
            "         needed: no fault\n"
            "unknown  four                    hidden\n"
            "         needed: 6\n"
            "4 checks: 1 ok, 1 unknown, 1 warn, 1 fail.");
}

TEST(ReportTest, TheJsonHasEveryCheck) {
  const std::string text = report_json({.connections = 10'000}, some_checks());
  json::Reader document;
  ASSERT_TRUE(document.parse_object(text).ok());
  EXPECT_EQ(document.find("connections")->integer(), 10'000);
  EXPECT_EQ(document.find("verdict")->text, "fail");
  json::Reader checks;
  ASSERT_TRUE(checks.parse(document.find("checks")->raw).ok());
  ASSERT_EQ(checks.elements().size(), 4U);
  EXPECT_EQ(
      checks.elements()[1].raw,
      R"({"id":"two","verdict":"warn","found":"5","needed":"6","remedies":[{"where":"run","line":"set \"6\""}]})");
}

TEST(DoctorTest, TheWorstVerdictIsThatOfTheWhole) {
  EXPECT_EQ(worst_of({}), Verdict::kOk);
  EXPECT_EQ(worst_of(some_checks()), Verdict::kFail);
  std::vector<Check> checks = some_checks();
  checks.erase(checks.begin() + 2);
  EXPECT_EQ(worst_of(checks), Verdict::kWarn);
  checks.erase(checks.begin() + 1);
  EXPECT_EQ(worst_of(checks), Verdict::kUnknown);
}

TEST(DoctorTest, EveryCheckHasAnIdOfItsOwnAndSaysWhatItNeeds) {
  std::vector<std::string> ids;
  for (const Check& check : check_host(Plan(), Host())) {
    EXPECT_FALSE(check.found.empty()) << check.id;
    EXPECT_EQ(std::count(ids.begin(), ids.end(), check.id), 0) << check.id;
    ids.push_back(check.id);
    // A host of which nothing is known is not called a bad one.
    EXPECT_TRUE(check.verdict == Verdict::kUnknown || check.verdict == Verdict::kOk) << check.id;
  }
}

}  // namespace
}  // namespace fanfare::doctor
