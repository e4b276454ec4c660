// Several apps in one process: the same names of channels, users and members are different ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class AppIsolationTest : public LoopsTest {
 protected:
  AppIsolationTest() {
    const std::string settings = "client_events = true\nsubscription_count = true";
    start({{.settings = settings}, {.id = "2", .key = "key-2", .secret = "secret-2", .settings = settings}});
  }
};

TEST_P(AppIsolationTest, ChannelsOfTheSameNameAreDifferentOnes) {
  const auto one = server().connect(0);
  const auto two = server().connect(1);
  for (const auto& client : {one.get(), two.get()}) {
    EXPECT_EQ(client->subscribe_and_wait("private-x"), subscription_succeeded("private-x"));
    EXPECT_EQ(client->next_text(), subscription_count("private-x", 1));
  }
  server().api(0).publish("private-x", "e", "1");
  server().api(1).publish("private-x", "e", "2");
  EXPECT_EQ(one->next_text(), event_text("e", "private-x", "1"));
  EXPECT_EQ(two->next_text(), event_text("e", "private-x", "2"));
  one->trigger("client-e", "private-x", R"("1")");
  EXPECT_EQ(one->unexpected(), "");
  EXPECT_EQ(two->unexpected(), "");
  EXPECT_EQ(server().api(1).get("/channels/private-x", {{"info", "subscription_count"}}).body,
            R"({"occupied":true,"subscription_count":1})");
}

TEST_P(AppIsolationTest, MembersUsersAndCachesToo) {
  const auto one = server().connect(0);
  const auto two = server().connect(1);
  one->subscribe_and_wait("presence-x", R"({"user_id":"a"})");
  EXPECT_THAT(two->subscribe_and_wait("presence-x", R"({"user_id":"b"})"), HasSubstr(R"(\"ids\":[\"b\"])"));
  one->sign_in_as("u");
  two->sign_in_as("u");
  server().api(0).publish("cache-x", "e", "1");
  EXPECT_EQ(two->subscribe_and_wait("cache-x"), subscription_succeeded("cache-x"));
  EXPECT_EQ(two->next_text(), cache_miss("cache-x"));
  EXPECT_EQ(two->next_text(), subscription_count("cache-x", 1));
  server().api(0).post("/users/u/terminate_connections", "{}");
  EXPECT_EQ(one->wait_closed().code, 4009);
  EXPECT_EQ(two->unexpected(), "");
}

TEST_P(AppIsolationTest, AKeySignsForItsOwnAppOnly) {
  const auto one = server().connect(0);
  one->subscribe_with(server().app(1).channel_auth(one->socket_id(), "private-x"), "private-x");
  EXPECT_EQ(one->next_text(), error_text("Invalid key in subscription auth data: 'key-2'"));
  TestApp mixed = server().app(1);
  mixed.id = "1";
  const HttpResponse response = ApiClient(server().port(), mixed).get("/channels");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, testing::StartsWith("Unknown auth_key"));
}

FANFARE_WITH_LOOPS(AppIsolationTest);

}  // namespace
}  // namespace fanfare::test
