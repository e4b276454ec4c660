#include "gateway/auth_handlers.h"

#include <gtest/gtest.h>

#include "gateway/gateway_test_support.h"
#include "pusher/channel_auth.h"
#include "pusher/presence_data.h"
#include "pusher/user_auth.h"

namespace fanfare::gateway {
namespace {

class AuthHandlersTest : public GatewayTest {
 protected:
  TestAnswer sign_in(std::string_view headers, std::string_view body = "socket_id=1.2") {
    return form("/api/v1/pusher/user-auth", headers, body);
  }
  const pusher::AppKey key_{"app-key", "app-secret"};
};

TEST_F(AuthHandlersTest, SignsAPrivateChannelOfAFormAndOfJson) {
  const std::string expected = pusher::sign_channel_auth(key_, "1.2", "private-student");
  const TestAnswer answer = authorize(as("7", "student"), "private-student");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, R"({"auth":")" + expected + R"("})");
  EXPECT_TRUE(answer.has_header("Cache-Control: no-store"));
  const TestAnswer json =
      post("/api/v1/pusher/auth", as("7", "student"), R"({"socket_id":"1.2","channel_name":"private-student"})");
  EXPECT_EQ(json.body, answer.body);
}

TEST_F(AuthHandlersTest, APresenceMemberIsWhoTheTokenSays) {
  const TestAnswer answer =
      authorize(as("7", "student", R"(,"name":"Ida","avatar_url":"https://a/i.png")"), "presence-classroom-101");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string data = answer.text("channel_data");
  EXPECT_EQ(data, R"({"user_id":"7","user_info":{"name":"Ida","role":"student","avatar":"https://a/i.png"}})");
  EXPECT_EQ(answer.text("auth"), pusher::sign_channel_auth(key_, "1.2", "presence-classroom-101", data));
}

TEST_F(AuthHandlersTest, ClaimNamesAreSettings) {
  gateway_options_.jwt.claims = {.user_id = "uid",
                                 .role = "https://id.example/role",
                                 .name = "full_name",
                                 .avatar = "picture",
                                 .classes = "groups",
                                 .watchlist = "friends"};
  // `sub` and `role` are there too, and say something else.
  const std::string student =
      as("9", "admin",
         R"(,"uid":7,"https://id.example/role":"student","full_name":"Ida","picture":"i.png","groups":["5b"],)"
         R"("friends":["8"],"name":"Bo","avatar":"b.png","classes":["6a"],"watchlist":["1"])");
  EXPECT_EQ(authorize(student, "presence-classroom-1").text("channel_data"),
            R"({"user_id":"7","user_info":{"name":"Ida","role":"student","avatar":"i.png"}})");
  EXPECT_EQ(sign_in(student).text("user_data"),
            R"({"id":"7","user_info":{"name":"Ida","role":"student","avatar":"i.png"},"watchlist":["8"]})");
  EXPECT_EQ(authorize(student, "private-class-5b").status, 200);
  EXPECT_EQ(authorize(student, "private-class-6a").status, 403);
  EXPECT_EQ(authorize(student, "private-user-7").status, 200);
  EXPECT_EQ(authorize(student, "private-user-9").status, 403);
  EXPECT_EQ(authorize(student, "private-admin").status, 403);
  EXPECT_EQ(authorize(as("9", "admin"), "private-admin").message(), "claim uid: it is missing");
}

TEST_F(AuthHandlersTest, WhatIsTooLongForAMemberIsCut) {
  const TestAnswer answer =
      authorize(as("7", "student", R"(,"name":")" + std::string(3'000, 'n') + R"(","avatar":"https://a/i.png")"),
                "presence-classroom-101");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto member = pusher::parse_presence_data(answer.text("channel_data"));
  ASSERT_TRUE(member.ok()) << member.error().message;
  EXPECT_LE(member->user_info.size(), 1'024U);
  EXPECT_GT(member->user_info.size(), 1'000U) << "no more than needed";
  EXPECT_NE(member->user_info.find(R"("role":"student")"), std::string::npos);
  // An id is not cut: it would be somebody else's.
  EXPECT_EQ(authorize(as(std::string(129, '7'), "student"), "presence-classroom-101").code(), "token_claims");
  EXPECT_EQ(authorize(as(std::string(128, '7'), "student"), "presence-classroom-101").status, 200);
}

TEST_F(AuthHandlersTest, ARuleMayBindFurtherClaims) {
  access_.rules = {{"private-desk-{desk_id}", "desks={desk_id}", "", ""}};
  EXPECT_EQ(authorize(as("7", "student", R"(,"desks":["a",3])"), "private-desk-3").status, 200);
  EXPECT_EQ(authorize(as("7", "student", R"(,"desks":["a",3])"), "private-desk-a3").status, 403);
  EXPECT_EQ(authorize(as("7", "admin"), "private-desk-3").message(), "needs the channel's {desk_id} in desks");
}

TEST_F(AuthHandlersTest, WhatAClaimHoldsStaysInItsString) {
  // JSON and header injection through a name, which is text to everyone.
  const TestAnswer answer = authorize(as("7\\\",\\\"role\\\":\\\"admin", "student",
                                         R"(,"name":"x\",\"user_id\":\"1\"},\"\r\nX-Evil: 1\u0001</script>")"),
                                      "presence-classroom-101");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.head.find("X-Evil"), std::string::npos);
  const auto member = pusher::parse_presence_data(answer.text("channel_data"));
  ASSERT_TRUE(member.ok()) << member.error().message;
  EXPECT_EQ(member->user_id, R"(7","role":"admin)");
  json::Reader info;
  ASSERT_TRUE(info.parse_object(member->user_info).ok());
  EXPECT_EQ(info.find("role")->text, "student");
  EXPECT_EQ(info.fields().size(), 2U);
}

TEST_F(AuthHandlersTest, AnEncryptedChannelGetsItsSecret) {
  const TestAnswer answer = authorize(as("7", "student"), "private-encrypted-student");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.text("shared_secret"),
            *sdk::MasterKey::from_base64(kMasterKey)->shared_secret_base64("private-encrypted-student"));
}

TEST_F(AuthHandlersTest, WithoutAMasterKeyEncryptedChannelsAreUnavailable) {
  has_master_key_ = false;
  EXPECT_EQ(authorize(as("7", "student"), "private-encrypted-student").code(), "encryption_not_configured");
  EXPECT_EQ(authorize(as("7", "student"), "private-student").status, 200);
}

TEST_F(AuthHandlersTest, ARuleRefusesWithWhatIsNeeded) {
  const TestAnswer answer = authorize(as("7", "student"), "private-teacher");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.code(), "forbidden");
  EXPECT_EQ(answer.message(), "needs role teacher");
  EXPECT_EQ(authorize(as("7", "admin"), "private-unknown").message(), "no access rule for this channel");
  EXPECT_EQ(authorize(as("7", "admin"), "private-x-student").status, 403);
  EXPECT_EQ(authorize(as("7", "student"), "private-user-8").status, 403);
  EXPECT_EQ(authorize(as("7", "student"), "private-user-7").status, 200);
  EXPECT_EQ(authorize(as("7", "", R"(,"classes":["7b"])"), "private-class-7b").status, 200);
  EXPECT_EQ(authorize(as("7", "service"), "private-student").status, 403);
}

TEST_F(AuthHandlersTest, NothingIsSignedThatCouldPassForSomethingElse) {
  for (const char* body :
       {"", "socket_id=1.2", "channel_name=private-student", "socket_id=&channel_name=private-student",
        "socket_id=1.2%3A%3Auser&channel_name=private-student",
        "socket_id=1.2%3Aprivate-admin&channel_name=private-student", "socket_id=1.2%0A&channel_name=private-student",
        "socket_id=a&channel_name=private-student", "socket_id=1.2&channel_name=private-student%3Ax",
        "socket_id=1.2&channel_name=private-", "socket_id=1.2&channel_name=%23server-to-user-7",
        "socket_id=1.2&channel_name=private-a%00"}) {
    const TestAnswer answer = form("/api/v1/pusher/auth", as("7", "admin"), body);
    EXPECT_TRUE(answer.status == 400 || answer.status == 403) << body << ": " << answer.body;
    EXPECT_EQ(answer.text("auth"), "") << body;
  }
  for (const char* body : {"[]", "{", R"({"socket_id":1.2,"channel_name":"private-student"})", "null",
                           R"({"socket_id":"1.2","channel_name":["private-student"]})"}) {
    EXPECT_EQ(post("/api/v1/pusher/auth", as("7", "admin"), body).status, 400) << body;
  }
}

TEST_F(AuthHandlersTest, APublicChannelNeedsNone) {
  EXPECT_EQ(authorize(as("7", "admin"), "agent-metrics").code(), "channel_without_auth");
}

TEST_F(AuthHandlersTest, SignsAUserInWithItsWatchlist) {
  const TestAnswer answer = sign_in(as("7", "teacher", R"(,"name":"Ida","avatar":"i.png","watchlist":["8",9])"));
  ASSERT_EQ(answer.status, 200) << answer.body;
  const std::string data = answer.text("user_data");
  EXPECT_EQ(data, R"({"id":"7","user_info":{"name":"Ida","role":"teacher","avatar":"i.png"},"watchlist":["8","9"]})");
  EXPECT_EQ(answer.text("auth"), pusher::sign_user_auth(key_, "1.2", data));
}

TEST_F(AuthHandlersTest, AWatchlistIsCutToWhatMayBe) {
  std::string watchlist;
  for (int i = 0; i < 150; ++i) watchlist += (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\"";
  const TestAnswer answer = sign_in(as("7", "teacher", ",\"watchlist\":[" + watchlist + "]"));
  const auto user = pusher::parse_user_data(answer.text("user_data"));
  ASSERT_TRUE(user.ok());
  EXPECT_EQ(user->watchlist.size(), 100U);
  EXPECT_FALSE(user->watchlist_over_limit);
}

TEST_F(AuthHandlersTest, SwitchedOffNothingIsSigned) {
  gateway_options_.channels.enabled = false;
  EXPECT_EQ(authorize(as("7", "student"), "private-student").status, 503);
  EXPECT_EQ(sign_in(as("7", "student")).code(), "disabled");
}

TEST_F(AuthHandlersTest, TokensThatAreNoneAreRefusedPrecisely) {
  const auto refusal = [&](const std::string& headers) {
    const TestAnswer answer = authorize(headers, "private-student");
    EXPECT_EQ(answer.status, 401);
    EXPECT_NE(answer.head.find("WWW-Authenticate: Bearer realm=\"fanfare\""), std::string::npos) << answer.head;
    return answer.code();
  };
  EXPECT_EQ(refusal(""), "token_missing");
  EXPECT_EQ(refusal("Authorization: Basic dTpw\r\n"), "token_missing");
  EXPECT_EQ(refusal("Authorization: Bearer \r\n"), "token_missing");
  EXPECT_EQ(refusal(bearer("a.b.c")), "token_malformed");
  EXPECT_EQ(refusal(bearer(jwt::mint_hs256(R"({"sub":"7","role":"admin","exp":9999999999})", "guessed"))),
            "token_signature");
  EXPECT_EQ(refusal(bearer(jwt::mint_hs256(R"({"sub":"7","exp":1})", kTokenSecret))), "token_expired");
  EXPECT_EQ(refusal(bearer("eyJhbGciOiJub25lIn0.eyJzdWIiOiI3Iiwicm9sZSI6ImFkbWluIn0.")), "token_algorithm");
  EXPECT_EQ(refusal(bearer(jwt::mint_hs256(R"({"exp":9999999999})", kTokenSecret))), "token_claims");
}

TEST_F(AuthHandlersTest, ATokenForAnotherAudienceIsRefused) {
  gateway_options_.jwt.audience = {"fanfare"};
  EXPECT_EQ(authorize(as("7", "student", R"(,"aud":"other")"), "private-student").code(), "token_audience");
  EXPECT_EQ(authorize(as("7", "student", R"(,"aud":["other","fanfare"])"), "private-student").status, 200);
}

TEST_F(AuthHandlersTest, TheSchemesCaseDoesNotCount) {
  EXPECT_EQ(authorize("Authorization: bearer " + token("7", "student") + "\r\n", "private-student").status, 200);
}

}  // namespace
}  // namespace fanfare::gateway
