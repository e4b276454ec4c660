#include "sdk/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SdkAnswersTest, Ref93ATrigger) {
  EXPECT_TRUE(read_trigger_answer("{}")->channels.empty());
  const auto answer = read_trigger_answer(
      R"({"channels":{"orders":{"subscription_count":13},"presence-room":{"user_count":2,"subscription_count":3}},"new":1})");
  ASSERT_TRUE(answer.ok());
  EXPECT_FALSE(answer->skipped);
  EXPECT_EQ(answer->channels.at("orders").subscription_count, 13U);
  EXPECT_FALSE(answer->channels.at("orders").user_count.has_value());
  EXPECT_EQ(answer->channels.at("presence-room").user_count, 2U);
}

TEST(SdkAnswersTest, Ref94ABatch) {
  EXPECT_TRUE(read_batch_answer("{}")->events.empty());
  const auto answer = read_batch_answer(R"({"batch":[{"subscription_count":1},{},{"user_count":0}]})");
  ASSERT_EQ(answer->events.size(), 3U);
  EXPECT_EQ(answer->events[0].subscription_count, 1U);
  EXPECT_FALSE(answer->events[1].user_count.has_value());
  EXPECT_EQ(answer->events[2].user_count, 0U);
}

TEST(SdkAnswersTest, Ref95Channels) {
  EXPECT_TRUE(read_channels_answer(R"({"channels":{}})")->empty());
  const auto answer = read_channels_answer(R"({"channels":{"presence-room":{"user_count":2},"b":{}}})");
  EXPECT_EQ(answer->size(), 2U);
  EXPECT_EQ(answer->at("presence-room").user_count, 2U);
}

TEST(SdkAnswersTest, Ref95AChannel) {
  const auto answer = read_channel_answer(
      R"({"occupied":true,"user_count":2,"subscription_count":3,"cache":{"data":"{}","ttl":1432}})");
  ASSERT_TRUE(answer.ok());
  EXPECT_TRUE(answer->occupied);
  EXPECT_EQ(answer->user_count, 2U);
  EXPECT_EQ(answer->subscription_count, 3U);
  EXPECT_EQ(answer->cache->data, "{}");
  EXPECT_EQ(answer->cache->ttl, std::chrono::seconds(1432));
  EXPECT_FALSE(read_channel_answer(R"({"occupied":false,"cache":null})")->cache.has_value());
}

TEST(SdkAnswersTest, Ref95Users) {
  EXPECT_THAT(*read_users_answer(R"({"users":[{"id":"u7"},{"id":9}]})"), ElementsAre("u7", "9"));
  EXPECT_TRUE(read_users_answer(R"({"users":[]})")->empty());
}

TEST(SdkAnswersTest, WhatIsNoAnswerIsABadAnswer) {
  for (const char* body : {"", "ok", "[]", "null", "\xFF", R"({"channels":[],"batch":{},"users":{},"occupied":1})",
                           R"({"channels":{"a":1},"batch":[1],"users":[1]})", R"({"users":[{}]})"}) {
    EXPECT_EQ(read_users_answer(body).error().kind, ErrorKind::kBadAnswer) << body;
    EXPECT_EQ(read_channels_answer(body).error().kind, ErrorKind::kBadAnswer) << body;
    EXPECT_EQ(read_channel_answer(body).error().kind, ErrorKind::kBadAnswer) << body;
  }
  EXPECT_EQ(read_trigger_answer(R"({"channels":[]})").error().kind, ErrorKind::kBadAnswer);
  EXPECT_EQ(read_batch_answer(R"({"batch":{}})").error().kind, ErrorKind::kBadAnswer);
}

TEST(SdkAnswersTest, AListOfManyChannelsIsRead) {
  std::string body = R"({"channels":{)";
  for (int i = 0; i < 150'000; ++i) body += (i == 0 ? "\"c" : ",\"c") + std::to_string(i) + "\":{}";
  EXPECT_EQ(read_channels_answer(body + "}}")->size(), 150'000U);
}

TEST(SdkAnswersTest, StatusesHaveTheirKinds) {
  const auto kind = [](int status) { return error_of({.status = status}, "h:1").kind; };
  EXPECT_EQ(kind(400), ErrorKind::kRejected);
  EXPECT_EQ(kind(401), ErrorKind::kUnauthorized);
  EXPECT_EQ(kind(403), ErrorKind::kForbidden);
  EXPECT_EQ(kind(404), ErrorKind::kNotFound);
  EXPECT_EQ(kind(405), ErrorKind::kRejected);
  EXPECT_EQ(kind(413), ErrorKind::kTooLarge);
  EXPECT_EQ(kind(429), ErrorKind::kLimit);
  EXPECT_EQ(kind(500), ErrorKind::kServer);
  EXPECT_EQ(kind(599), ErrorKind::kServer);
  EXPECT_EQ(kind(302), ErrorKind::kBadAnswer);
}

TEST(SdkAnswersTest, ARefusalKeepsStatusTextAndRetryAfter) {
  const Error error =
      error_of({.status = 429, .headers = {{"retry-after", "3"}}, .body = "Rate limit exceeded\n"}, "127.0.0.1:6001");
  EXPECT_EQ(error.http_status, 429);
  EXPECT_EQ(error.server_text, "Rate limit exceeded");
  EXPECT_EQ(error.message, "127.0.0.1:6001 answered 429: Rate limit exceeded");
  EXPECT_EQ(error.retry_after, std::chrono::seconds(3));
  EXPECT_FALSE(error.outcome_unknown);
}

TEST(SdkAnswersTest, AFailureOfTheServerLeavesTheOutcomeUnknown) {
  for (const int status : {500, 502, 504}) EXPECT_TRUE(error_of({.status = status}, "h:1").outcome_unknown) << status;
  for (const int status : {400, 401, 413, 429, 503}) {
    EXPECT_FALSE(error_of({.status = status}, "h:1").outcome_unknown) << status;
  }
}

TEST(SdkAnswersTest, ALongRefusalIsCut) {
  const Error error = error_of(
      {.status = 500, .headers = {{"retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"}}, .body = std::string(10'000, 'x')},
      "h:1");
  EXPECT_LE(error.server_text.size(), 4'100U);
  EXPECT_LE(error.message.size(), 400U);
  EXPECT_EQ(error.retry_after, std::chrono::seconds(0));
  EXPECT_THAT(error_of({.status = 500, .body = "\xFF"}, "h:1").message, HasSubstr("(not text)"));
}

}  // namespace
}  // namespace fanfare::sdk
