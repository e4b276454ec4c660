#include "base/result.h"

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace fanfare {
namespace {

Result<int> half_of(int number) {
  if (number % 2 != 0) return invalid("expected an even number, got " + std::to_string(number));
  return number / 2;
}

TEST(ResultTest, HoldsAValue) {
  const Result<int> half = half_of(8);
  ASSERT_TRUE(half.ok());
  EXPECT_TRUE(static_cast<bool>(half));
  EXPECT_EQ(*half, 4);
}

TEST(ResultTest, HoldsTheErrorThatPreventedTheValue) {
  const Result<int> half = half_of(7);
  ASSERT_FALSE(half.ok());
  EXPECT_EQ(half.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(half.error().message, "expected an even number, got 7");
}

TEST(ResultTest, AValueThatCannotBeCopiedMovesOut) {
  Result<std::unique_ptr<int>> made(std::make_unique<int>(5));
  const std::unique_ptr<int> taken = *std::move(made);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(*taken, 5);
}

TEST(ResultTest, AnErrorMovesOut) {
  Result<int> half = half_of(1);
  const Error error = std::move(half).error();
  EXPECT_EQ(error.message, "expected an even number, got 1");
}

TEST(ResultTest, MembersOfTheValueAreReached) {
  Result<std::string> text(std::string("abc"));
  EXPECT_EQ(text->size(), 3U);
  text->push_back('d');
  EXPECT_EQ(*text, "abcd");
}

TEST(StatusTest, IsFineUnlessAnErrorSaysOtherwise) {
  const Status fine;
  EXPECT_TRUE(fine.ok());
  const Status refused = Error{ErrorKind::kLimit, "too many"};
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kLimit);
}

TEST(ResultDeathTest, ReadingTheValueOfAnErrorAborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH({ [[maybe_unused]] const int value = *half_of(3); }, "assertion failed");
}

TEST(ResultDeathTest, ReadingTheErrorOfAValueAborts) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH({ [[maybe_unused]] const Error error = half_of(2).error(); }, "assertion failed");
}

}  // namespace
}  // namespace fanfare
