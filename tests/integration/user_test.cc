// Signed-in users: sign-in, server-to-user events, terminated connections. Source: REF 6.1 to 6.6
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

constexpr const char* kChannel = "#server-to-user-u7";

class UserTest : public LoopsTest {
 protected:
  void wait_users(int count) {
    wait_until("users are known", [&] { return server().metric("fanfare_core_users") == count; });
  }
};

TEST_P(UserTest, SigninSuccessCarriesTheVeryString) {
  const auto client = server().connect();
  const std::string data = R"({ "id":"u7", "user_info":{"name":"Zoë"}, "more":[1,2] })";
  client->sign_in(data);
  EXPECT_EQ(client->next_text(), R"({"event":"pusher:signin_success","data":)" +
                                     json_string(R"({"user_data":)" + json_string(data) + "}") + "}");
}

TEST_P(UserTest, AFailedSigninIsAnsweredAndTheConnectionStays) {
  const auto client = server().connect();
  const auto answer = [&](std::string_view auth, std::string_view data) {
    client->send_text(R"({"event":"pusher:signin","data":{"auth":)" + json_string(auth) + R"(,"user_data":)" +
                      json_string(data) + "}}");
    return client->next_text();
  };
  EXPECT_THAT(answer("app-key:00", R"({"id":"u7"})"), HasSubstr("Invalid signature"));
  EXPECT_THAT(answer("other:00", R"({"id":"u7"})"), HasSubstr("Invalid key"));
  EXPECT_EQ(answer("app-key", R"({"id":"u7"})"), error_text("Invalid format: auth must have the format key:signature"));
  for (const char* data : {"{}", R"({"id":7})", R"({"id":""})", "nonsense", R"({"id":"a","watchlist":7})"}) {
    EXPECT_THAT(answer(server().app().user_auth(client->socket_id(), data), data), HasSubstr("Invalid user_data"))
        << data;
  }
  client->send_text(R"({"event":"pusher:signin","data":{"auth":"a:b"}})");
  EXPECT_EQ(client->next_text(), error_text("Missing parameter: data.user_data"));
  client->sign_in_as("u7");
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(UserTest, TheIdentityStays) {
  const auto client = server().connect();
  client->sign_in_as("u7");
  client->sign_in_as("u7");
  client->sign_in(R"({"id":"u8"})");
  EXPECT_THAT(client->next_text(), HasSubstr("Already signed in as another user"));
  server().api().publish(kChannel, "e", "1");
  EXPECT_EQ(client->next_text(), event_text("e", kChannel, "1"));
}

TEST_P(UserTest, EventsReachEveryConnectionOfTheUserOnce) {
  const auto first = server().connect();
  const auto second = server().connect();
  const auto other = server().connect();
  first->sign_in_as("u7");
  second->sign_in_as("u7");
  other->sign_in_as("u8");
  EXPECT_EQ(first->subscribe_and_wait(kChannel), subscription_succeeded(kChannel));
  wait_users(2);
  ApiClient api = server().api();
  api.publish(kChannel, "alert", R"("hi")");
  api.publish("#server-to-user-u8", "alert", "8");
  EXPECT_EQ(first->next_text(), event_text("alert", kChannel, R"("hi")"));
  EXPECT_EQ(second->next_text(), event_text("alert", kChannel, R"("hi")"));
  EXPECT_EQ(other->next_text(), event_text("alert", "#server-to-user-u8", "8"));
  for (const auto& client : {first.get(), second.get(), other.get()}) EXPECT_EQ(client->unexpected(), "");
  api.publish("#server-to-user-nobody", "alert", "1");  // {} all the same
}

TEST_P(UserTest, OnlyItsUserMaySubscribeToAUsersChannel) {
  const auto stranger = server().connect();
  EXPECT_THAT(stranger->subscribe_and_wait(kChannel), HasSubstr("Not authorized to subscribe to #server-to-user-u7"));
  stranger->sign_in_as("u8");
  EXPECT_THAT(stranger->subscribe_and_wait(kChannel), HasSubstr("Not authorized"));
  const auto owner = server().connect();
  owner->sign_in_as("u7");
  EXPECT_EQ(owner->subscribe_and_wait(kChannel), subscription_succeeded(kChannel));
  EXPECT_EQ(owner->subscribe_and_wait(kChannel), error_text("Existing subscription to channel #server-to-user-u7"));
  owner->unsubscribe(kChannel);
  EXPECT_EQ(owner->unexpected(), "");
  EXPECT_EQ(owner->subscribe_and_wait(kChannel), subscription_succeeded(kChannel));
}

TEST_P(UserTest, UsersChannelsAreNotListed) {
  const auto client = server().connect();
  client->sign_in_as("u7");
  client->subscribe_and_wait(kChannel);
  EXPECT_EQ(server().api().get("/channels").body, R"({"channels":{}})");
}

TEST_P(UserTest, TerminateClosesAllThatSignedInAndOnlyThose) {
  const auto first = server().connect();
  const auto second = server().connect();
  const auto other = server().connect();
  const auto member = server().connect();
  first->sign_in_as("u7");
  second->sign_in_as("u7");
  other->sign_in_as("u8");
  member->subscribe_and_wait("presence-x", R"({"user_id":"u7"})");
  wait_users(2);
  ApiClient api = server().api();
  const HttpResponse response = api.post("/users/u7/terminate_connections", "{}");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(first->wait_closed().code, 4009);
  EXPECT_EQ(second->wait_closed().code, 4009);
  EXPECT_EQ(other->unexpected(), "");
  EXPECT_EQ(member->unexpected(), "");
  EXPECT_EQ(api.post("/users/nobody/terminate_connections", "{}").body, "{}");
  // The user may come back.
  const auto again = server().connect();
  again->sign_in_as("u7");
  EXPECT_EQ(again->unexpected(), "");
}

TEST_P(UserTest, TheCloseCodeOfTerminatedConnectionsIsTheApps) {
  start({{.settings = "terminate_close_code = 4200"}});
  const auto client = server().connect();
  client->sign_in_as("u7");
  wait_users(1);
  server().api().post("/users/u7/terminate_connections", "{}");
  EXPECT_EQ(client->wait_closed().code, 4200);
}

FANFARE_WITH_LOOPS(UserTest);

}  // namespace
}  // namespace fanfare::test
