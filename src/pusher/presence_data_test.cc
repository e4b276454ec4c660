#include "pusher/presence_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

using testing::StartsWith;

std::string user_of(std::string_view id_token) {
  const Result<PresenceData> data = parse_presence_data(std::string(R"({"user_id":)").append(id_token).append("}"));
  return data.ok() ? data->user_id : "error: " + data.error().message;
}

TEST(PresenceDataTest, ReadsUserAndInfo) {
  const Result<PresenceData> data = parse_presence_data(R"( {"user_id":"u7", "user_info": { "name" : "Zoë" } } )");
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data->user_id, "u7");
  EXPECT_EQ(data->user_info, R"({"name":"Zoë"})");
}

TEST(PresenceDataTest, InfoIsAnyJsonOrNothing) {
  EXPECT_EQ(parse_presence_data(R"({"user_id":1})")->user_info, "");
  EXPECT_EQ(parse_presence_data(R"({"user_id":1,"user_info":null})")->user_info, "");
  EXPECT_EQ(parse_presence_data(R"({"user_id":1,"user_info":"Ida"})")->user_info, R"("Ida")");
  EXPECT_EQ(parse_presence_data(R"({"user_id":1,"user_info":[1, 2]})")->user_info, "[1,2]");
  EXPECT_EQ(parse_presence_data(R"({"user_id":1,"user_info":false})")->user_info, "false");
}

TEST(PresenceDataTest, NumbersAndStringsNameTheSameUser) {
  EXPECT_EQ(user_of("10"), "10");
  EXPECT_EQ(user_of("\"10\""), "10");
  EXPECT_EQ(user_of("-3"), "-3");
  EXPECT_EQ(user_of("-0"), "0");
  EXPECT_EQ(user_of("123456789012345678901234567890"), "123456789012345678901234567890");
  EXPECT_EQ(user_of("\"\\u0075\""), "u");
}

TEST(PresenceDataTest, RefusesOtherUserIds) {
  const std::string start = "error: Invalid channel_data: must be valid JSON with a user_id (";
  for (const char* token : {"1.5", "1e3", "true", "null", "{}", "[]"}) {
    EXPECT_EQ(user_of(token), start + "expected a string or an integer in user_id)") << token;
  }
  EXPECT_EQ(user_of("\"\""), start + "user_id is empty)");
  EXPECT_EQ(parse_presence_data("{}").error().message,
            "Invalid channel_data: must be valid JSON with a user_id (user_id is missing)");
  EXPECT_THAT(parse_presence_data("").error().message,
              StartsWith("Invalid channel_data: must be valid JSON with a user_id (invalid JSON at byte 0: "));
  EXPECT_EQ(parse_presence_data("[]").error().message,
            "Invalid channel_data: must be valid JSON with a user_id (expected a JSON object, found an array)");
}

TEST(PresenceDataTest, UserIdsEndAt128Characters) {
  const auto quoted = [](const std::string& text) { return "\"" + text + "\""; };
  std::string wide;
  for (int i = 0; i < 128; ++i) wide += "ë";
  EXPECT_EQ(user_of(quoted(std::string(127, 'u'))), std::string(127, 'u'));
  EXPECT_EQ(user_of(quoted(std::string(128, 'u'))), std::string(128, 'u'));
  EXPECT_EQ(user_of(quoted(wide)), wide);
  EXPECT_EQ(user_of(quoted(std::string(129, 'u'))),
            "error: Invalid channel_data: user_id is 129 characters, at most 128 are allowed");
  EXPECT_EQ(user_of(std::string(129, '1')),
            "error: Invalid channel_data: user_id is 129 characters, at most 128 are allowed");
}

TEST(PresenceDataTest, InfoEndsAt1024BytesOfCompactJson) {
  const auto with_info = [](std::size_t bytes) {
    return parse_presence_data(R"({"user_id":1,"user_info":  ")" + std::string(bytes - 2, 'x') + "\"   }");
  };
  EXPECT_TRUE(with_info(1023).ok());
  EXPECT_TRUE(with_info(1024).ok());
  EXPECT_EQ(with_info(1025).error().message, "Invalid channel_data: user_info is 1025 bytes, at most 1024 are allowed");
  EXPECT_EQ(parse_presence_data(R"({"user_id":1,"user_info":[ 1 ,  2 ]})", {.user_info_bytes_max = 5})->user_info,
            "[1,2]");
}

}  // namespace
}  // namespace fanfare::pusher
