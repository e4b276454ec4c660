// Commands of an application: kick, and the Python SDK's way to terminate. Source: REF 6.6
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class CommandTest : public LoopsTest {};

TEST_P(CommandTest, KickTakesAUserOutOfOneChannelAndRefusesItsAuth) {
  const auto first = server().connect();
  const auto second = server().connect();
  const auto other = server().connect();
  for (const auto& client : {first.get(), second.get()}) {
    client->subscribe_and_wait("presence-a", R"({"user_id":"u 7"})");
    client->subscribe_and_wait("presence-b", R"({"user_id":"u 7"})");
  }
  other->subscribe_and_wait("presence-a", R"({"user_id":"other"})");
  EXPECT_THAT(first->next_text(), HasSubstr("member_added"));
  EXPECT_THAT(second->next_text(), HasSubstr("member_added"));
  ApiClient api = server().api();
  const std::string target = api.signed_target("POST", "/apps/1/channels/presence-a/users/u%207/kick", "");
  EXPECT_EQ(api.http().request("POST", target, "").body, "{}");
  EXPECT_EQ(first->next_text(), error_text("Removed from channel presence-a by the application"));
  EXPECT_EQ(second->next_text(), error_text("Removed from channel presence-a by the application"));
  EXPECT_EQ(other->next_text(), member_removed("presence-a", "u 7"));
  EXPECT_EQ(api.get("/channels/presence-a/users").body, R"({"users":[{"id":"other"}]})");
  EXPECT_EQ(api.get("/channels/presence-b/users").body, R"({"users":[{"id":"u 7"}]})");
  EXPECT_THAT(first->subscribe_and_wait("presence-a", R"({"user_id":"u 7"})"), HasSubstr("this auth is refused"));
  // A new connection has a new auth.
  const auto again = server().connect();
  EXPECT_THAT(again->subscribe_and_wait("presence-a", R"({"user_id":"u 7"})"), HasSubstr("subscription_succeeded"));
}

TEST_P(CommandTest, TheTimeOfARefusalIsTheApps) {
  start({{.settings = "kick_refuse_auth_seconds = 0"}});
  const auto client = server().connect();
  client->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  ApiClient api = server().api();
  EXPECT_EQ(api.post("/channels/presence-a/users/u/kick", "{}").body, "{}");
  EXPECT_THAT(client->next_text(), HasSubstr("Removed from channel presence-a"));
  EXPECT_THAT(client->subscribe_and_wait("presence-a", R"({"user_id":"u"})"), HasSubstr("subscription_succeeded"));
}

TEST_P(CommandTest, KickFindsSignedInUsersOfPrivateChannelsToo) {
  const auto client = server().connect();
  const auto stranger = server().connect();
  client->sign_in_as("u7");
  client->subscribe_and_wait("private-a");
  stranger->subscribe_and_wait("private-a");
  EXPECT_EQ(server().api().post("/channels/private-a/users/u7/kick", "{}").body, "{}");
  EXPECT_THAT(client->next_text(), HasSubstr("Removed from channel private-a"));
  server().api().publish("private-a", "e", "1");
  EXPECT_EQ(stranger->next_text(), event_text("e", "private-a", "1"));
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(CommandTest, KickOfNobodyIsFineAndOfNoChannelIsNot) {
  ApiClient api = server().api();
  EXPECT_EQ(api.post("/channels/presence-a/users/nobody/kick", "{}").body, "{}");
  EXPECT_EQ(api.post("/channels/a!b/users/u/kick", "{}").status, 400);
}

TEST_P(CommandTest, ThePythonSdksPathToTerminate) {
  const auto client = server().connect();
  client->sign_in_as("u7");
  wait_until("the user is known", [&] { return server().metric("fanfare_core_users") == 1; });
  ApiClient api = server().api();
  EXPECT_EQ(api.http().request("POST", api.signed_target("POST", "/users/u7/terminate_connections", "{}"), "{}").body,
            "{}");
  EXPECT_EQ(client->wait_closed().code, 4009);
  EXPECT_EQ(api.http().request("POST", "/users/u7/terminate_connections", "{}").status, 401);
  EXPECT_EQ(api.http().request("POST", "/users/u7/terminate_connections?auth_key=nobody", "{}").status, 400);
}

FANFARE_WITH_LOOPS(CommandTest);

}  // namespace
}  // namespace fanfare::test
