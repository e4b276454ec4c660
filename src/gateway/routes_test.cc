// What all endpoints have in common: limits, refusals, request ids, origins, proxies, sessions.
#include "gateway/routes.h"

#include <gtest/gtest.h>

#include "crypto/public_keys_test_support.h"
#include "fetch/loopback_server_test_support.h"
#include "gateway/gateway_test_support.h"
#include "jwt/tokens_test_support.h"
#include "support/gate.h"

namespace fanfare::gateway {
namespace {

using RoutesTest = GatewayTest;

TEST_F(RoutesTest, EveryAnswerHasARequestId) {
  EXPECT_TRUE(ask("GET", "/health", "X-Request-Id: my-id.1\r\n").has_header("X-Request-Id: my-id.1"));
  const TestAnswer unknown = ask("GET", "/nowhere", "X-Request-Id: my-id.2\r\n");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_TRUE(unknown.has_header("X-Request-Id: my-id.2"));
  EXPECT_NE(unknown.body.find(R"("request_id":"my-id.2"})"), std::string::npos);
  EXPECT_EQ(unknown.code(), "not_found");
  for (const char* bad : {"a b", "a\"b", "é", ""}) {
    const TestAnswer answer = ask("GET", "/health", "X-Request-Id: " + std::string(bad) + "\r\n");
    EXPECT_FALSE(answer.has_header("X-Request-Id: " + std::string(bad))) << bad;
    EXPECT_NE(answer.head.find("\r\nX-Request-Id: "), std::string::npos);
  }
  const TestAnswer no_request = ask("GET", "no-path");
  EXPECT_EQ(no_request.status, 400);
  EXPECT_NE(no_request.head.find("\r\nX-Request-Id: "), std::string::npos);
}

TEST_F(RoutesTest, OtherMethodsAreToldWhichOnesThereAre) {
  const TestAnswer answer = ask("GET", "/api/v1/pusher/auth");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.code(), "method_not_allowed");
  EXPECT_TRUE(answer.has_header("Allow: POST"));
  EXPECT_TRUE(ask("DELETE", "/health").has_header("Allow: GET, HEAD"));
  EXPECT_EQ(ask("HEAD", "/health").status, 200);
}

TEST_F(RoutesTest, AUserMayDoSoMuchInAWindow) {
  gateway_options_.limits.auth_per_user = 2;
  EXPECT_TRUE(authorize(as("7", "student"), "private-student").has_header("RateLimit-Remaining: 1"));
  EXPECT_TRUE(authorize(as("7", "student"), "private-student").has_header("RateLimit-Remaining: 0"));
  clock_.advance(std::chrono::milliseconds(2'500));
  const TestAnswer refused = authorize(as("7", "student"), "private-student");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.code(), "rate_limited");
  EXPECT_TRUE(refused.has_header("Retry-After: 8"));
  EXPECT_TRUE(refused.has_header("RateLimit-Remaining: 0"));
  EXPECT_EQ(authorize(as("8", "student"), "private-student").status, 200) << "another user";
  EXPECT_EQ(trigger(as("7", "teacher"), "private-student").status, 200) << "another kind";
  clock_.advance(std::chrono::milliseconds(7'500));
  EXPECT_EQ(authorize(as("7", "student"), "private-student").status, 200);
}

TEST_F(RoutesTest, AnAddressMayDoSoMuchWhateverTheToken) {
  gateway_options_.limits.per_address = 2;
  gateway_options_.trusted_proxies = {"127.0.0.1"};
  const auto from = [&](std::string_view address) {
    return authorize("X-Forwarded-For: " + std::string(address) + "\r\n", "private-student").status;
  };
  EXPECT_EQ(from("192.0.2.1"), 401);
  EXPECT_EQ(from("192.0.2.1"), 401);
  EXPECT_EQ(from("192.0.2.1"), 429);
  EXPECT_EQ(from("203.0.113.9, 192.0.2.1"), 429) << "what the client itself wrote does not count";
  EXPECT_EQ(from("192.0.2.2"), 401);
}

TEST_F(RoutesTest, WithoutTrustedProxiesForwardedAddressesDoNotCount) {
  gateway_options_.limits.per_address = 2;
  for (const int expected : {401, 401, 429}) {
    EXPECT_EQ(authorize("X-Forwarded-For: 192.0.2." + std::to_string(expected % 7) + "\r\n", "private-student").status,
              expected);
  }
}

TEST_F(RoutesTest, TriggersAndAddressesHaveTheirOwnCounts) {
  gateway_options_.limits = {.auth_per_user = 1, .trigger_per_user = 2, .per_address = 3};
  const std::string teacher = as("7", "teacher");
  EXPECT_EQ(authorize(teacher, "private-student").status, 200);
  EXPECT_EQ(authorize(teacher, "private-student").status, 429) << "this user's auth requests are used up";
  EXPECT_EQ(trigger(teacher, "private-student").status, 200);
  EXPECT_TRUE(trigger(teacher, "private-student").has_header("RateLimit-Remaining: 0"));
  const TestAnswer of_user = trigger(teacher, "private-student");
  EXPECT_EQ(of_user.status, 429);
  EXPECT_TRUE(of_user.has_header("Retry-After: 10"));
  const TestAnswer of_address = trigger(as("8", "teacher"), "private-student");
  EXPECT_EQ(of_address.status, 429) << "the fourth of this address";
  EXPECT_TRUE(of_address.has_header("Retry-After: 10"));
  EXPECT_TRUE(of_address.has_header("RateLimit-Remaining: 0"));
  EXPECT_EQ(backend().published.size(), 2U);
  EXPECT_EQ(authorize(as("8", "teacher"), "private-student").status, 200) << "the third of this address' auth requests";
}

TEST_F(RoutesTest, BodiesAreBounded) {
  const std::string large = "socket_id=1.2&channel_name=private-student&x=" + std::string(16UL * 1024, 'x');
  EXPECT_EQ(form("/api/v1/pusher/auth", as("7", "student"), large).status, 413);
}

TEST_F(RoutesTest, ASettingBoundsTheOtherBodies) {
  gateway_options_.body_bytes_max = 2'000;
  const std::string large(2'001, ' ');
  for (const char* path : {"/api/v1/realtime/trigger", "/api/v1/realtime/trigger-batch", "/pusher/webhook",
                           "/api/v1/realtime/users/7/events", "/api/v1/realtime/agents/a/status"}) {
    EXPECT_EQ(post(path, as("1", "service"), large).status, 413) << path;
    EXPECT_NE(post(path, as("1", "service"), large.substr(1)).status, 413) << path;
  }
}

// Source: issue 6, section 2
TEST_F(RoutesTest, EveryRefusalHasTheSameForm) {
  gateway_options_.limits.trigger_per_user = 2;
  const std::string id = "X-Request-Id: mine\r\n";
  const std::string student = as("7", "student") + id;
  const auto expect = [](const TestAnswer& answer, int status, std::string_view code) {
    EXPECT_EQ(answer.status, status);
    EXPECT_TRUE(answer.body.starts_with(R"({"error":{"code":")" + std::string(code) + R"(","message":")"))
        << answer.body;
    EXPECT_TRUE(answer.body.ends_with(R"(","request_id":"mine"}})")) << answer.body;
    EXPECT_TRUE(answer.has_header("X-Request-Id: mine")) << answer.head;
    EXPECT_NE(answer.head.find("\r\nContent-Type: application/json"), std::string::npos) << answer.head;
  };
  expect(form("/api/v1/pusher/auth", student, "socket_id=1"), 400, "invalid_request");
  expect(authorize(id, "private-student"), 401, "token_missing");
  expect(authorize(student, "private-teacher"), 403, "forbidden");
  expect(ask("GET", "/nowhere", id), 404, "not_found");
  expect(ask("PUT", "/health", id), 405, "method_not_allowed");
  expect(form("/api/v1/pusher/auth", student, std::string(16UL * 1024 + 1, 'x')), 413, "too_large");
  const std::string service = as("s", "service") + id;
  backend().failure = FakeBackend::error(sdk::ErrorKind::kServer, 500);
  expect(trigger(service, "a"), 502, "channels_failed");
  backend().failure = FakeBackend::error(sdk::ErrorKind::kUnavailable);
  expect(trigger(service, "a"), 503, "channels_unavailable");
  expect(trigger(service, "a"), 429, "rate_limited");
}

TEST_F(RoutesTest, PagesOfAllowedOriginsMayReadAnswers) {
  gateway_options_.cors_origins = {"https://app.example.com"};
  const std::string allowed = "Origin: https://app.example.com\r\n";
  const TestAnswer answer = authorize(as("7", "student") + allowed, "private-student");
  EXPECT_TRUE(answer.has_header("Access-Control-Allow-Origin: https://app.example.com"));
  EXPECT_EQ(answer.head.find("Allow-Credentials"), std::string::npos);
  EXPECT_TRUE(answer.has_header("Vary: Origin"));
  EXPECT_TRUE(ask("GET", "/nowhere", allowed).has_header("Access-Control-Allow-Origin: https://app.example.com"));
  for (const char* other :
       {"https://app.example.com.evil.com", "http://app.example.com", "https://APP.example.com", "null"}) {
    EXPECT_EQ(
        authorize(as("7", "student") + "Origin: " + other + "\r\n", "private-student").head.find("Access-Control"),
        std::string::npos)
        << other;
  }
}

TEST_F(RoutesTest, APreflightSaysWhatMayBeSent) {
  gateway_options_.cors_origins = {"https://app.example.com"};
  const TestAnswer answer = ask("OPTIONS", "/api/v1/pusher/auth",
                                "Origin: https://app.example.com\r\nAccess-Control-Request-Method: POST\r\n"
                                "Access-Control-Request-Headers: authorization, x-csrf-token\r\n");
  EXPECT_EQ(answer.status, 204);
  EXPECT_TRUE(answer.has_header("Access-Control-Allow-Headers: authorization, x-csrf-token"));
  EXPECT_TRUE(answer.has_header("Access-Control-Allow-Methods: GET, POST, OPTIONS"));
  EXPECT_NE(answer.head.find("X-Request-Id"), std::string::npos);
  const TestAnswer other = ask("OPTIONS", "/api/v1/pusher/auth", "Origin: https://evil.example\r\n");
  EXPECT_EQ(other.head.find("Access-Control"), std::string::npos);
  const TestAnswer injected = ask("OPTIONS", "/api/v1/pusher/auth",
                                  "Origin: https://app.example.com\r\nAccess-Control-Request-Headers: a<b>\r\n");
  EXPECT_EQ(injected.head.find("a<b>"), std::string::npos);
}

TEST_F(RoutesTest, ARequestThatWaitsForKeysMayBeLeftAtTheEnd) {
  test::Gate gate;
  fetch::LoopbackServer issuer([&](const std::string&) {
    gate.wait();
    return fetch::http_answer("200 OK", "", "{}");
  });
  gateway_options_.jwt.secret.clear();
  gateway_options_.jwt.jwks_url = issuer.url("/jwks");
  gateway();
  httpd::TestClient client = connect();
  client.send("POST /api/v1/pusher/auth HTTP/1.1\r\nHost: g\r\n" + as("7", "student") + "Content-Length: 0\r\n\r\n");
  ASSERT_TRUE(turn_until([&] { return server().stats().requests.value() == 1; }));
  EXPECT_EQ(client.answers(), 0U);
  gate.open();
}

// Signed with the key of this name by another program; see there.
TEST_F(RoutesTest, AKeyThatTheIssuerHasTakenUpIsFoundWithItsFirstToken) {
  std::string kid = "former";
  fetch::LoopbackServer issuer([&](const std::string&) {
    return fetch::http_answer("200 OK", "",
                              R"({"keys":[{"kty":"EC","crv":"P-256","kid":")" + kid + R"(","x":")" +
                                  std::string(crypto::kEcX) + R"(","y":")" + std::string(crypto::kEcY) + "\"}]}");
  });
  gateway_options_.jwt.secret.clear();
  gateway_options_.jwt.jwks_url = issuer.url("/jwks");
  const std::string teacher = bearer(jwt::kEs256Token);
  EXPECT_EQ(authorize(teacher, "private-teacher").code(), "token_key_unknown");
  kid = "ec-1";
  EXPECT_EQ(authorize(teacher, "private-teacher").code(), "token_key_unknown") << "asked a moment ago";
  clock_.advance(gateway_options_.jwt.jwks_refetch_min);
  EXPECT_EQ(authorize(teacher, "private-teacher").status, 200);
}

class SessionTest : public GatewayTest {
 protected:
  SessionTest()
      : application_([this](const std::string& request) {
          asked_ = request;
          return fetch::http_answer(status_, "", claims_);
        }) {
    gateway_options_.session = {.url = application_.url("/session"), .cookie = "sid"};
    gateway_options_.cors_origins = {"https://app.example.com"};
  }

  std::string status_ = "200 OK";
  std::string claims_ = R"({"sub":"7","role":"student","name":"Ida"})";
  std::string asked_;
  fetch::LoopbackServer application_;
};

TEST_F(SessionTest, ACookieIsCheckedByTheApplication) {
  EXPECT_EQ(authorize("Cookie: other=1; sid=abc\r\nOrigin: https://app.example.com\r\n", "private-student").status,
            200);
  EXPECT_NE(asked_.find("Cookie: other=1; sid=abc\r\n"), std::string::npos) << asked_;
  EXPECT_EQ(authorize("Cookie: sid=abc\r\nOrigin: http://gateway\r\n", "private-student").status, 200) << "its own";
  EXPECT_EQ(authorize("Cookie: sid=abc\r\n", "private-teacher").message(), "needs role teacher");
}

TEST_F(SessionTest, ItsClaimsAreReadLikeAToken) {
  gateway_options_.jwt.claims.user_id = "uid";
  claims_ = R"({"uid":7,"role":"student","name":"Ida","avatar_url":"i.png","classes":["5b"],"watchlist":["8"]})";
  const std::string cookie = "Cookie: sid=abc\r\n";
  EXPECT_EQ(authorize(cookie, "presence-classroom-1").text("channel_data"),
            R"({"user_id":"7","user_info":{"name":"Ida","role":"student","avatar":"i.png"}})");
  EXPECT_EQ(form("/api/v1/pusher/user-auth", cookie, "socket_id=1.2").text("user_data"),
            R"({"id":"7","user_info":{"name":"Ida","role":"student","avatar":"i.png"},"watchlist":["8"]})");
  EXPECT_EQ(authorize(cookie, "private-class-5b").status, 200);
  EXPECT_EQ(authorize(cookie, "private-class-6a").status, 403);
  // A token goes before it.
  EXPECT_EQ(authorize(cookie + bearer("a.b.c"), "private-class-5b").code(), "token_malformed");
  claims_ = R"({"role":"student"})";
  EXPECT_EQ(authorize(cookie, "private-student").code(), "session_unavailable") << "nobody in particular";
  claims_ = R"({"uid":"7","role":"student","exp":1})";
  EXPECT_EQ(authorize(cookie, "private-student").status, 200) << "how long it holds is for the application to say";
}

TEST_F(SessionTest, AStrangersPageMayNotActForASession) {
  EXPECT_EQ(authorize("Cookie: sid=abc\r\nOrigin: https://evil.example\r\n", "private-student").code(),
            "origin_forbidden");
  EXPECT_EQ(asked_, "");
}

TEST_F(SessionTest, OtherCookiesAndUnknownSessionsAreNobody) {
  EXPECT_EQ(authorize("Cookie: xsid=abc; side=1\r\n", "private-student").code(), "token_missing");
  status_ = "401 Unauthorized";
  EXPECT_EQ(authorize("Cookie: sid=abc\r\n", "private-student").code(), "session_unknown");
  status_ = "500 Oops";
  EXPECT_EQ(authorize("Cookie: sid=abc\r\n", "private-student").code(), "session_unavailable");
}

}  // namespace
}  // namespace fanfare::gateway
