#include "ws/close_code.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace fanfare::ws {
namespace {

TEST(CloseCodeTest, OnlyAssignedAndApplicationCodesMayBeOnTheWire) {
  // {first, last} of the ranges that RFC 6455 section 7.4 and the registry allow.
  const std::vector<std::pair<int, int>> allowed = {{1000, 1003}, {1007, 1014}, {3000, 4999}};
  for (int code = 0; code <= 0xFFFF; ++code) {
    bool expected = false;
    for (const auto& [first, last] : allowed) expected = expected || (code >= first && code <= last);
    ASSERT_EQ(is_wire_close_code(static_cast<std::uint16_t>(code)), expected) << code;
  }
}

TEST(CloseCodeTest, CodesThatStandForNoCloseFrameMayNot) {
  for (const CloseCode code : {CloseCode::kNoStatus, CloseCode::kAbnormal, CloseCode::kTlsHandshake}) {
    EXPECT_FALSE(is_wire_close_code(number(code))) << number(code);
  }
}

}  // namespace
}  // namespace fanfare::ws
