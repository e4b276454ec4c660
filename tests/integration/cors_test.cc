// Browsers and the HTTP API: kept out, unless the operator lets them in. Source: REF 9.1
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

TEST(CorsTest, OffByDefault) {
  const TestServer server;
  ApiClient api = server.api();
  EXPECT_EQ(api.http().request("OPTIONS", "/apps/1/events", "").status, 405);
  EXPECT_EQ(api.get("/channels").header("Access-Control-Allow-Origin"), "");
}

TEST(CorsTest, OnWhereTheOperatorWantsIt) {
  const TestServer server({.server_lines = "api_cors = true"});
  ApiClient api = server.api();
  const HttpResponse preflight =
      api.http().request("OPTIONS", "/apps/1/events", "", {{"Origin", "https://shop.example"}});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(preflight.header("Access-Control-Allow-Methods"), HasSubstr("POST"));
  EXPECT_THAT(preflight.header("Access-Control-Allow-Headers"), HasSubstr("Content-Type"));
  EXPECT_EQ(api.get("/channels").header("Access-Control-Allow-Origin"), "*");
  const HttpResponse published = api.post("/events", ApiClient::event_body("a", "e", "1"));
  EXPECT_EQ(published.body, "{}");
  EXPECT_EQ(published.header("Access-Control-Allow-Origin"), "*");
  // A browser shows an error's text only then.
  const HttpResponse refused = api.http().get("/apps/1/channels");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("Access-Control-Allow-Origin"), "*");
}

}  // namespace
}  // namespace fanfare::test
