#include "doctor/file_checks.h"

#include <gtest/gtest.h>

namespace fanfare::doctor {
namespace {

// 20,001 descriptors are what 18,751 connections need; with one less there is room for 18,750.
constexpr std::uint64_t kDescriptors = 20'001;
const Plan kPlan{.connections = 18'751};

Host with_limits(std::uint64_t soft, std::uint64_t hard) {
  Host host;
  host.open_files_soft = soft;
  host.open_files_hard = hard;
  host.nr_open = 1'048'576;
  return host;
}

TEST(FileChecksTest, NrOpenIsTheCeiling) {
  Host host;
  host.nr_open = kDescriptors;
  EXPECT_EQ(check_nr_open(kPlan, host).verdict, Verdict::kOk);
  host.nr_open = kDescriptors - 1;
  const Check check = check_nr_open(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.found, "fs.nr_open 20,000");
  EXPECT_EQ(check.needed, "20,001 for 18,751 connections");
  ASSERT_EQ(check.remedies.size(), 2U);
  EXPECT_EQ(check.remedies[0].line, "sysctl -w fs.nr_open=\"1048576\"");
  EXPECT_EQ(check.remedies[1].where, "/etc/sysctl.d/60-fanfare.conf");
  EXPECT_EQ(check.remedies[1].line, "fs.nr_open = 1048576");
}

TEST(FileChecksTest, TheHardLimitHasRoomForEachConnection) {
  EXPECT_EQ(check_open_files_hard(kPlan, with_limits(1024, kDescriptors)).verdict, Verdict::kOk);
  const Check check = check_open_files_hard(kPlan, with_limits(1024, kDescriptors - 1));
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.found, "hard limit 20,000, enough for 18,750 connections");
  ASSERT_EQ(check.remedies.size(), 3U);
  EXPECT_EQ(check.remedies[0].line, "LimitNOFILE=1048576");
  EXPECT_EQ(check.remedies[1].line, "*  -  nofile  1048576");
  EXPECT_EQ(check.remedies[2].line, "--ulimit nofile=1048576:1048576");
}

TEST(FileChecksTest, MoreThanAMillionNeedMoreThanTheUnitHas) {
  const Plan plan{.connections = 2'000'000};
  const Check check = check_open_files_hard(plan, with_limits(1024, 1'048'576));
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.remedies[0].line, "LimitNOFILE=2016384");
}

TEST(FileChecksTest, TheServerRaisesTheSoftLimit) {
  EXPECT_EQ(check_open_files_soft(kPlan, with_limits(kDescriptors, kDescriptors)).verdict, Verdict::kOk);
  const Check raised = check_open_files_soft(kPlan, with_limits(kDescriptors - 1, kDescriptors));
  EXPECT_EQ(raised.verdict, Verdict::kOk);
  EXPECT_EQ(raised.found, "soft limit 20,000, which the server raises");
  EXPECT_EQ(check_open_files_soft(kPlan, with_limits(1024, kDescriptors - 1)).verdict, Verdict::kFail);
}

TEST(FileChecksTest, WhoMayRaisesTheHardLimit) {
  Host host = with_limits(1024, 4096);
  host.may_raise_limits = true;
  EXPECT_EQ(check_open_files_hard(kPlan, host).verdict, Verdict::kOk);
  EXPECT_EQ(check_open_files_soft(kPlan, host).verdict, Verdict::kOk);
  // What the server asks for is refused above fs.nr_open, and then nothing is raised.
  host.nr_open = 1'048'575;
  EXPECT_EQ(check_open_files_hard(kPlan, host).verdict, Verdict::kFail);
  EXPECT_EQ(check_open_files_soft(kPlan, host).verdict, Verdict::kFail);
}

TEST(FileChecksTest, FileMaxCountsWhatIsOpenAlready) {
  Host host;
  host.file_max = kDescriptors + 500;
  host.files_allocated = 500;
  EXPECT_EQ(check_file_max(kPlan, host).verdict, Verdict::kOk);
  host.files_allocated = 501;
  const Check check = check_file_max(kPlan, host);
  EXPECT_EQ(check.verdict, Verdict::kFail);
  EXPECT_EQ(check.remedies[1].line, "fs.file-max = 40503");
}

TEST(FileChecksTest, WhatCannotBeReadIsUnknown) {
  for (const auto check : {check_nr_open, check_open_files_hard, check_open_files_soft, check_file_max}) {
    const Check unread = check(kPlan, Host());
    EXPECT_EQ(unread.verdict, Verdict::kUnknown) << unread.id;
    EXPECT_NE(unread.found.find("cannot be read here"), std::string::npos) << unread.found;
    EXPECT_FALSE(unread.needed.empty());
  }
}

}  // namespace
}  // namespace fanfare::doctor
