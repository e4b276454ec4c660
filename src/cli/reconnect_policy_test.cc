#include "cli/reconnect_policy.h"

#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::uint16_t kNoCode = 0;
const std::optional<milliseconds> kNeverEstablished;

class ReconnectPolicyTest : public testing::Test {
 protected:
  void expect_about(std::uint16_t code, std::int64_t expected_ms) {
    const auto delay = policy_.delay_after(code, kNeverEstablished);
    ASSERT_TRUE(delay.has_value());
    EXPECT_GE(delay->count(), expected_ms * 3 / 4) << code;
    EXPECT_LE(delay->count(), expected_ms * 5 / 4) << code;
  }

  ReconnectPolicy policy_{1};
};

TEST_F(ReconnectPolicyTest, NeverComesBackAfter4000To4099) {
  for (const std::uint16_t code : std::initializer_list<std::uint16_t>{4000, 4001, 4009, 4099})
    EXPECT_FALSE(policy_.delay_after(code, milliseconds{5000}));
}

TEST_F(ReconnectPolicyTest, ComesBackAtOnceAfter4200To4299) {
  for (const std::uint16_t code : std::initializer_list<std::uint16_t>{4200, 4201, 4299})
    EXPECT_EQ(policy_.delay_after(code, milliseconds{1000}), milliseconds{0});
}

TEST_F(ReconnectPolicyTest, DoesNotHurryMoreThanOnceASecond) {
  EXPECT_EQ(policy_.delay_after(4200, milliseconds{999}), milliseconds{1000});
}

TEST_F(ReconnectPolicyTest, BacksOffWhenItWasNeverEstablishedWhateverTheCode) { expect_about(4200, 1000); }

TEST_F(ReconnectPolicyTest, BacksOffAfterTheRestTwiceAsLongEachTime) {
  const std::uint16_t codes[] = {4100, 4199, 4300, 1006, kNoCode, 3999, kNoCode, kNoCode};
  const std::int64_t delays_ms[] = {1000, 2000, 4000, 8000, 16'000, 30'000, 30'000, 30'000};
  for (std::size_t i = 0; i < std::size(codes); ++i) expect_about(codes[i], delays_ms[i]);
}

TEST_F(ReconnectPolicyTest, BeginsAnewOnceItWasEstablished) {
  for (int i = 0; i < 10; ++i) (void)policy_.delay_after(kNoCode, kNeverEstablished);
  policy_.on_established();
  expect_about(kNoCode, 1000);
}

}  // namespace
}  // namespace fanfare::cli
