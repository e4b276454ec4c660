// The small values of the gateway: keys of limits, windows, user_info.
#include <gtest/gtest.h>

#include "gateway/limit_key.h"
#include "gateway/repeat_filter.h"
#include "gateway/user_info.h"
#include "gateway/window_limiter.h"
#include "json/json_reader.h"

namespace fanfare::gateway {
namespace {

TEST(LimitKeyTest, CountsANetworkOfIpv6AsOne) {
  EXPECT_EQ(limit_key_of("192.0.2.1"), "192.0.2.1");
  EXPECT_EQ(limit_key_of("2001:db8::1"), limit_key_of("2001:db8::ffff:1"));
  EXPECT_NE(limit_key_of("2001:db8:0:1::1"), limit_key_of("2001:db8::1"));
}

TEST(WindowLimiterTest, ForgetsWhatIsOverAndBoundsItsKeys) {
  Counter dropped;
  WindowLimiter limiter(1, std::chrono::seconds(10), dropped, 2);
  MonotonicTime now{std::chrono::hours(1)};
  EXPECT_TRUE(limiter.take("a", now).allowed);
  EXPECT_TRUE(limiter.take("b", now).allowed);
  EXPECT_FALSE(limiter.take("a", now).allowed);
  now += std::chrono::seconds(10);
  EXPECT_TRUE(limiter.take("c", now).allowed);
  EXPECT_EQ(dropped.value(), 0U) << "a and b were over";
  EXPECT_TRUE(limiter.take("d", now).allowed);
  EXPECT_TRUE(limiter.take("e", now).allowed);
  EXPECT_EQ(dropped.value(), 1U);
}

TEST(WindowLimiterTest, TellsHowLongToWait) {
  Counter dropped;
  WindowLimiter limiter(1, std::chrono::seconds(10), dropped);
  const MonotonicTime begin{std::chrono::hours(1)};
  EXPECT_EQ(limiter.take("a", begin).remaining, 0U);
  EXPECT_EQ(limiter.take("a", begin + std::chrono::milliseconds(1)).retry_after, std::chrono::seconds(10));
  EXPECT_EQ(limiter.take("a", begin + std::chrono::milliseconds(9'999)).retry_after, std::chrono::seconds(1));
  WindowLimiter none(0, std::chrono::seconds(10), dropped);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(none.take("a", begin).allowed);
}

TEST(RepeatFilterTest, RemembersForItsTimeAndWithinItsBound) {
  RepeatFilter filter(std::chrono::seconds(10), 2);
  const MonotonicTime now{std::chrono::hours(1)};
  filter.add("a", now);
  EXPECT_TRUE(filter.contains("a", now + std::chrono::seconds(10)));
  EXPECT_FALSE(filter.contains("a", now + std::chrono::seconds(11)));
  for (const char* key : {"a", "b", "c"}) filter.add(key, now);
  EXPECT_FALSE(filter.contains("a", now));
  EXPECT_TRUE(filter.contains("c", now));
}

TEST(UserInfoTest, LeavesOutTheAvatarThenCutsTheName) {
  const jwt::Identity identity{
      .user_id = "7", .role = "student", .name = std::string(600, 'n'), .avatar = std::string(600, 'a')};
  const std::string text = user_info_of(identity, 1024);
  EXPECT_LE(text.size(), 1024U);
  EXPECT_EQ(text.find("avatar"), std::string::npos);
  EXPECT_NE(text.find(std::string(600, 'n')), std::string::npos);

  std::string name;
  for (int i = 0; i < 900; ++i) name += "é";
  const std::string cut = user_info_of({.user_id = "7", .role = "student", .name = name}, 1024);
  EXPECT_LE(cut.size(), 1024U);
  EXPECT_GE(cut.size(), 900U);
  json::Reader reader;
  EXPECT_TRUE(reader.parse_object(cut).ok()) << "no half character";
  const std::string escaped = user_info_of({.user_id = "7", .name = std::string(5'000, '\x01')}, 1024);
  EXPECT_LE(escaped.size(), 1024U);
  EXPECT_GE(escaped.size(), 1000U);
  EXPECT_LE(user_info_of({.user_id = "7", .role = std::string(2'000, 'r')}, 1024).size(), 1024U);
  EXPECT_EQ(user_info_of({.user_id = "7"}, 1024), "{}");
}

}  // namespace
}  // namespace fanfare::gateway
