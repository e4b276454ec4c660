#include "http/date.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace fanfare::http {
namespace {

WallTime at_unix(std::int64_t seconds) { return WallTime(std::chrono::seconds(seconds)); }

TEST(DateTest, WritesImfFixdate) {
  DateCache cache;
  EXPECT_EQ(cache.at(at_unix(784111777)), "Sun, 06 Nov 1994 08:49:37 GMT");  // the example of RFC 9110
  EXPECT_EQ(cache.at(at_unix(0)), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(cache.at(at_unix(1709164799)), "Wed, 28 Feb 2024 23:59:59 GMT");
  EXPECT_EQ(cache.at(at_unix(1709164800)), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(DateTest, ChangesWithTheSecond) {
  DateCache cache;
  const std::string first(cache.at(at_unix(1000)));
  EXPECT_EQ(cache.at(at_unix(1000) + std::chrono::milliseconds(999)), first);
  EXPECT_NE(cache.at(at_unix(1001)), first);
}

}  // namespace
}  // namespace fanfare::http
