#include "doctor/quantity.h"

#include <gtest/gtest.h>

namespace fanfare::doctor {
namespace {

TEST(QuantityTest, ThousandsAreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(1'048'576), "1,048,576");
  EXPECT_EQ(grouped(kUnlimited), "unlimited");
}

TEST(QuantityTest, BytesHaveTheUnitThatFits) {
  EXPECT_EQ(bytes_text(0), "0 B");
  EXPECT_EQ(bytes_text(1023), "1023 B");
  EXPECT_EQ(bytes_text(1024), "1.0 KiB");
  EXPECT_EQ(bytes_text(1'048'575), "1.0 MiB");
  EXPECT_EQ(bytes_text(1'048'576), "1.0 MiB");
  EXPECT_EQ(bytes_text(3ULL << 29U), "1.5 GiB");
  EXPECT_EQ(bytes_text(kUnlimited - 1), "16384.0 PiB");
  EXPECT_EQ(bytes_text(kUnlimited), "unlimited");
}

TEST(QuantityTest, WhatIsBeyond64BitsIsUnlimited) {
  EXPECT_EQ(plus(kUnlimited - 2, 1), kUnlimited - 1);
  EXPECT_EQ(plus(kUnlimited - 2, 3), kUnlimited);
  EXPECT_EQ(times(1ULL << 32U, 1ULL << 31U), 1ULL << 63U);
  EXPECT_EQ(times(1ULL << 32U, 1ULL << 32U), kUnlimited);
  EXPECT_EQ(times(kUnlimited, 0), 0U);
}

}  // namespace
}  // namespace fanfare::doctor
