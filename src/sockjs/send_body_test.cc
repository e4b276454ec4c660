#include "sockjs/send_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sockjs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string fault_of(std::string_view body) {
  json::Reader reader;
  const auto messages = parse_send_body(reader, body);
  return messages.ok() ? "" : messages.error().message;
}

TEST(SendBodyTest, AnArrayOfMessages) {
  json::Reader reader;
  const auto one = parse_send_body(reader, R"(["{\"event\":\"pusher:ping\"}"])");
  ASSERT_TRUE(one.ok());
  EXPECT_THAT(*one, ElementsAre(R"({"event":"pusher:ping"})"));
  const auto three = parse_send_body(reader, R"( [ "a" , "ä" , "" ] )");
  ASSERT_TRUE(three.ok());
  EXPECT_THAT(*three, ElementsAre("a", "ä", ""));
}

TEST(SendBodyTest, AnEmptyArrayIsASignOfLife) {
  json::Reader reader;
  const auto none = parse_send_body(reader, "[]");
  ASSERT_TRUE(none.ok());
  EXPECT_THAT(*none, IsEmpty());
}

TEST(SendBodyTest, AStringIsOneMessage) {
  json::Reader reader;
  const auto one = parse_send_body(reader, R"("x")");
  ASSERT_TRUE(one.ok());
  EXPECT_THAT(*one, ElementsAre("x"));
}

TEST(SendBodyTest, FaultsHaveTheTextsOfSockJs) {
  EXPECT_EQ(fault_of(""), "Payload expected.");
  for (const char* body : {"[", "x", "{}", "[1]", "[[\"a\"]]", "[\"a\"", "[\"a\"]x", "null", "1", "[\"a\",]",
                           "[\"\\ud800\"]", "[\"\xff\"]", " "}) {
    EXPECT_EQ(fault_of(body), "Broken JSON encoding.") << body;
  }
}

TEST(SendBodyTest, AFormHasItsPayloadInAField) {
  EXPECT_EQ(payload_of_form("d=%5B%22a+b%22%5D", "application/x-www-form-urlencoded; charset=UTF-8"), R"(["a b"])");
  EXPECT_EQ(payload_of_form("x=1", "Application/X-WWW-Form-Urlencoded"), std::nullopt);
  EXPECT_EQ(payload_of_form("d=%5", "application/x-www-form-urlencoded"), std::nullopt);
  EXPECT_EQ(payload_of_form("[\"a\"]", "text/plain"), "[\"a\"]");
  EXPECT_EQ(payload_of_form("[\"a\"]", ""), "[\"a\"]");
}

}  // namespace
}  // namespace fanfare::sockjs
