#include "pusher/socket_id.h"

#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

TEST(SocketIdTest, IsTwoDecimalNumbers) {
  EXPECT_EQ(to_string({264774, 13368624}), "264774.13368624");
  EXPECT_EQ(to_string({0, 0}), "0.0");
  EXPECT_EQ(to_string({4294967295U, 4294967295U}), "4294967295.4294967295");
  EXPECT_EQ(SocketIdText({1, 2}).view(), "1.2");
}

TEST(SocketIdTest, WhatIsWrittenIsReadBack) {
  for (const SocketId id : {SocketId{0, 0}, SocketId{1, 4294967295U}, SocketId{4294967295U, 0}}) {
    EXPECT_TRUE(is_valid_socket_id(to_string(id)));
    EXPECT_EQ(parse_socket_id(to_string(id)), id);
  }
}

TEST(SocketIdTest, ValidButNobodys) {
  for (const char* text : {"4294967296.1", "1.4294967296", "01.2", "1.02", "00.0", "99999999999999999999999999.1"}) {
    EXPECT_TRUE(is_valid_socket_id(text)) << text;
    EXPECT_EQ(parse_socket_id(text), std::nullopt) << text;
  }
}

TEST(SocketIdTest, RefusesEverythingElse) {
  using namespace std::string_literals;
  for (const std::string& text : {""s, "."s, "1"s, "1."s, ".1"s, "1.2.3"s, "-1.2"s, "+1.2"s, "1.2 "s, " 1.2"s, "1.2\n"s,
                                  "a.1"s, "1.b"s, "1,2"s, "1.2\0"s, "1:2"s, "0x1.2"s, "١.٢"s}) {
    EXPECT_FALSE(is_valid_socket_id(text)) << text;
    EXPECT_EQ(parse_socket_id(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace fanfare::pusher
