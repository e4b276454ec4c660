// Who may call the HTTP API: every failure and its text. Source: REF 9.2
#include <ctime>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pusher/request_signature.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string without(std::string target, std::string_view parameter) {
  const std::size_t begin = target.find(std::string(parameter) + "=");
  const std::size_t end = target.find('&', begin);
  return end == std::string::npos ? target.substr(0, begin - 1) : target.erase(begin, end + 1 - begin);
}

std::string with(std::string target, std::string_view parameter, std::string_view value) {
  return without(std::move(target), parameter) + "&" + std::string(parameter) + "=" + std::string(value);
}

class HttpAuthTest : public testing::Test {
 protected:
  HttpAuthTest() : server_({.apps = {TestApp{}, {.id = "off", .key = "off-key", .settings = "enabled = false"}}}) {}

  std::string target() { return api_.signed_target("GET", "/apps/1/channels", ""); }
  void expect_refusal(const std::string& target, int status, std::string_view begin) {
    const HttpResponse response = api_.http().get(target);
    EXPECT_EQ(response.status, status) << response.body;
    EXPECT_THAT(response.body, AllOf(StartsWith(std::string(begin)), Not(HasSubstr("app-secret"))));
    EXPECT_THAT(response.header("Content-Type"), StartsWith("text/plain"));
  }

  TestServer server_;
  ApiClient api_ = server_.api();
};

TEST_F(HttpAuthTest, EveryFailureHasItsStatusAndText) {
  EXPECT_EQ(api_.http().get(target()).status, 200);
  expect_refusal("/apps/1/channels", 401, "Authentication key required");
  expect_refusal(without(target(), "auth_key"), 401, "Authentication key required");
  expect_refusal(with(target(), "auth_key", "nobody"), 400, "Unknown auth_key");
  expect_refusal(api_.signed_target("GET", "/apps/2/channels", ""), 400, "Unknown auth_key");
  expect_refusal(with(api_.signed_target("GET", "/apps/off/channels", ""), "auth_key", "off-key"), 403,
                 "Application disabled");
  expect_refusal(without(target(), "auth_version"), 401, "Version required");
  expect_refusal(with(target(), "auth_version", "2.0"), 401, "Version not supported");
  expect_refusal(without(target(), "auth_timestamp"), 401, "Timestamp required");
  expect_refusal(with(target(), "auth_timestamp", "soon"), 401, "Timestamp required");
  expect_refusal(api_.signed_target("GET", "/apps/1/channels", "", {}, -700), 401,
                 "Timestamp expired: Given timestamp (");
  expect_refusal(api_.signed_target("GET", "/apps/1/channels", "", {}, 700), 401,
                 "Timestamp expired: Given timestamp (");
  EXPECT_EQ(api_.http().get(api_.signed_target("GET", "/apps/1/channels", "", {}, -500)).status, 200);
  expect_refusal(with(target(), "auth_signature", "00"), 401,
                 R"(Invalid signature: you should have sent HmacSHA256Hex("GET\n/apps/1/channels\nauth_key=app-key&)");
  expect_refusal(without(target(), "auth_signature"), 401, "Invalid signature");
  expect_refusal(target() + "&added=1", 401, "Invalid signature");
  EXPECT_EQ(api_.http().get("/nothing").status, 404);
  EXPECT_THAT(api_.http().get("/nothing").body, StartsWith("404 NOT FOUND"));
}

TEST_F(HttpAuthTest, TheBodysDigestMustFit) {
  const std::string body = ApiClient::event_body("a", "e", "1");
  const auto post = [&](const std::string& to, std::string_view sent) { return api_.http().request("POST", to, sent); };
  const std::string good = api_.signed_target("POST", "/apps/1/events", body);
  EXPECT_EQ(post(good, body).status, 200);
  EXPECT_EQ(post(good, body + " ").status, 401);
  EXPECT_THAT(post(good, body + " ").body, StartsWith("Invalid body_md5"));
  // Signed without a body and sent with one.
  EXPECT_EQ(post(api_.signed_target("POST", "/apps/1/events", ""), body).status, 401);
  // The Python SDK signs the digest of nothing on a GET.
  EXPECT_EQ(api_.get("/channels", {{"body_md5", "d41d8cd98f00b204e9800998ecf8427e"}}).status, 200);
}

TEST_F(HttpAuthTest, KeysRotateWithoutAnOutage) {
  const std::string keys = R"([{ key = "old", secret = "s1" }, { key = "new", secret = "s2" },
                               { key = "gone", secret = "s3", enabled = false }])";
  const TestServer server({.apps = {{.keys = keys}}});
  const auto with_key = [](std::string key, std::string secret) {
    return TestApp{.key = std::move(key), .secret = std::move(secret)};
  };
  EXPECT_EQ(ApiClient(server.port(), with_key("old", "s1")).get("/channels").status, 200);
  EXPECT_EQ(ApiClient(server.port(), with_key("new", "s2")).get("/channels").status, 200);
  EXPECT_EQ(ApiClient(server.port(), with_key("new", "s1")).get("/channels").status, 401);
  const HttpResponse disabled = ApiClient(server.port(), with_key("gone", "s3")).get("/channels");
  EXPECT_EQ(disabled.status, 400);
  EXPECT_THAT(disabled.body, AllOf(StartsWith("Unknown auth_key"), HasSubstr("disabled")));
  // A subscription may be signed by another key than the connection's.
  PusherClient client(server.port(), with_key("old", "s1"));
  client.subscribe_with(with_key("new", "s2").channel_auth(client.socket_id(), "private-x"), "private-x");
  EXPECT_EQ(client.next_text(), subscription_succeeded("private-x"));
  client.subscribe_with(with_key("gone", "s3").channel_auth(client.socket_id(), "private-y"), "private-y");
  EXPECT_EQ(client.next_text(), error_text("Invalid key in subscription auth data: 'gone'"));
}

TEST_F(HttpAuthTest, RefusalsAreCounted) {
  api_.http().get("/apps/1/channels");
  api_.http().get("/apps/nobody/channels");
  EXPECT_EQ(server_.metric("fanfare_api_refused_total", "unauthorized"), 2);
}

}  // namespace
}  // namespace fanfare::test
