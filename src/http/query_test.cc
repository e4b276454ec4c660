#include "http/query.h"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace fanfare::http {
namespace {

std::string walk(std::string_view query) {
  std::string text;
  QueryPairs pairs(query);
  while (const auto pair = pairs.next()) {
    text.append("[").append(pair->name).append(pair->has_value ? "=" : "").append(pair->value).append("]");
  }
  return text;
}

TEST(QueryTest, WalksInOrderAndLeavesOutEmptyPairs) {
  EXPECT_EQ(walk("a=1&b=2"), "[a=1][b=2]");
  EXPECT_EQ(walk("&&a=1&&b&"), "[a=1][b]");
  EXPECT_EQ(walk("a==b&=c&d="), "[a==b][=c][d=]");
  EXPECT_EQ(walk(""), "");
}

TEST(QueryTest, FindsTheFirstDecoded) {
  EXPECT_EQ(query_parameter("protocol=7&client=js&protocol=6", "protocol"), "7");
  EXPECT_EQ(query_parameter("pro%74ocol=%37", "protocol"), "7");
  EXPECT_EQ(query_parameter("a=x+y", "a"), "x y");
  EXPECT_EQ(query_parameter("a=x+y", "a", PlusSign::kLiteral), "x+y");
  EXPECT_EQ(query_parameter("a", "a"), "");
  EXPECT_EQ(query_parameter("a=%2", "a"), std::nullopt);
  EXPECT_EQ(query_parameter("b=1", "a"), std::nullopt);
  EXPECT_EQ(query_parameter("A=1", "a"), std::nullopt);
}

}  // namespace
}  // namespace fanfare::http
