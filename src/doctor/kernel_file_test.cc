#include "doctor/kernel_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/quantity.h"
#include "support/temp_folder.h"

namespace fanfare::doctor {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(KernelFileTest, NumbersAreReadWhole) {
  EXPECT_EQ(parse_number("4096\n"), 4096U);
  EXPECT_EQ(parse_number("  0 "), 0U);
  EXPECT_EQ(parse_number("unlimited"), kUnlimited);
  EXPECT_EQ(parse_number("max\n"), kUnlimited);
  EXPECT_EQ(parse_number("-1\n"), kUnlimited);
  for (const char* other : {"", "\n", "4096 files", "12x", "x", "-", "--1", "18446744073709551616"}) {
    EXPECT_EQ(parse_number(other), std::nullopt) << other;
  }
}

TEST(KernelFileTest, WhatIsNotThereIsEmpty) {
  const test::TempFolder folder;
  EXPECT_EQ(read_text(folder.file("none")), std::nullopt);
  EXPECT_EQ(read_number(folder.file("none")), std::nullopt);
  EXPECT_EQ(read_text(folder.path()), std::nullopt);  // a folder
  EXPECT_EQ(read_number(folder.write("some", "17\n")), 17U);
  EXPECT_EQ(read_text(folder.write("empty", "")), "");
}

TEST(KernelFileTest, LongFilesAreCutAtAMebibyte) {
  const test::TempFolder folder;
  EXPECT_EQ(read_text(folder.write("long", std::string(3UL << 20U, 'x')))->size(), 1UL << 20U);
}

TEST(KernelFileTest, WordsAreFoundBehindTheirLabel) {
  constexpr std::string_view kText = "MemFree:  1 kB\nMemAvailable:   23536240 kB\nOther:\n";
  EXPECT_THAT(words_behind(kText, "MemAvailable:"), ElementsAre("23536240", "kB"));
  EXPECT_THAT(words_behind(kText, "Other:"), IsEmpty());
  EXPECT_THAT(words_behind(kText, "Available:"), IsEmpty());
  EXPECT_EQ(number_behind(kText, "MemFree:"), 1U);
  EXPECT_EQ(number_behind(kText, "Other:"), std::nullopt);
}

}  // namespace
}  // namespace fanfare::doctor
