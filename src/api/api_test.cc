// The routes from the bytes of a request to the bytes of its answer.
#include "api/api_test_support.h"

namespace fanfare::api {
namespace {

constexpr const char* kEvent = R"({"name":"e","channel":"a","data":"1"})";

TEST_F(ApiTest, APublishReachesItsSubscribersAndAnswersAnEmptyObject) {
  context();
  test::FakeSubscriber subscriber;
  loops_.connect(0, subscriber);
  (void)loops_.subscribe(subscriber, app_, "a");
  const std::string answer = post("/apps/42/events", kEvent);
  EXPECT_EQ(status_of_answer(answer), 200);
  EXPECT_EQ(body_of(answer), "{}");
  EXPECT_EQ(subscriber.log.back(), test::published("a", R"("1")"));
  EXPECT_EQ(stats_.publishes.value(), 1U);
  EXPECT_EQ(stats_.events.value(), 1U);
  loops_.close(subscriber);
}

TEST_F(ApiTest, TheExcludedConnectionGetsNothing) {
  context();
  test::FakeSubscriber subscriber;
  loops_.connect(0, subscriber);
  (void)loops_.subscribe(subscriber, app_, "a");
  subscriber.log.clear();
  const std::string id = pusher::to_string(subscriber.ref().socket_id());
  EXPECT_EQ(body_of(post("/apps/42/events", R"({"name":"e","channel":"a","data":"1","socket_id":")" + id + "\"}")),
            "{}");
  EXPECT_TRUE(subscriber.log.empty());
  loops_.close(subscriber);
}

TEST_F(ApiTest, InfoOfAPublishAndOfABatch) {
  app_settings_.switches.subscription_count = true;
  context();
  test::FakeSubscriber subscriber;
  loops_.connect(0, subscriber);
  (void)loops_.subscribe(subscriber, app_, "a");
  EXPECT_EQ(
      body_of(post("/apps/42/events",
                   R"({"name":"e","channels":["a","presence-b"],"data":"1","info":"user_count,subscription_count"})")),
      R"({"channels":{"a":{"subscription_count":1},"presence-b":{"user_count":0,"subscription_count":0}}})");
  EXPECT_EQ(body_of(post("/apps/42/batch_events",
                         R"({"batch":[{"name":"e","channel":"a","data":"1","info":"subscription_count"},)"
                         R"({"name":"e","channel":"b","data":"1"}]})")),
            R"({"batch":[{"subscription_count":1},{}]})");
  EXPECT_EQ(body_of(post("/apps/42/batch_events", R"({"batch":[{"name":"e","channel":"a","data":"1"}]})")), "{}");
  loops_.close(subscriber);
}

TEST_F(ApiTest, ABatchWithOneBadEventPublishesNone) {
  context();
  test::FakeSubscriber subscriber;
  loops_.connect(0, subscriber);
  (void)loops_.subscribe(subscriber, app_, "a");
  subscriber.log.clear();
  const std::string large(10'241, 'x');
  const std::string answer =
      post("/apps/42/batch_events",
           R"({"batch":[{"name":"e","channel":"a","data":"1"},{"name":"e","channel":"a","data":")" + large + "\"}]}");
  EXPECT_EQ(status_of_answer(answer), 413);
  EXPECT_TRUE(subscriber.log.empty());
  EXPECT_EQ(stats_.refused.value(), 1U);
  loops_.close(subscriber);
}

TEST_F(ApiTest, RefusalsAreLinesOfText) {
  const std::string answer = post("/apps/42/events", R"({"channel":"a","data":"1"})");
  EXPECT_EQ(status_of_answer(answer), 400);
  EXPECT_NE(answer.find("Content-Type: text/plain"), std::string::npos);
  EXPECT_EQ(body_of(answer), "Expected name parameter to be a string, but it is missing\n");
}

TEST_F(ApiTest, TheRateOfAnAppIs429WithRetryAfter) {
  app_settings_.limits.publishes_per_second = 1;
  EXPECT_EQ(status_of_answer(post("/apps/42/events", kEvent)), 200);
  const std::string answer = post("/apps/42/events", kEvent);
  EXPECT_EQ(status_of_answer(answer), 429);
  EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos);
  EXPECT_EQ(stats_.rate_limited.value(), 1U);
}

TEST_F(ApiTest, TheSameIdempotencyKeyPublishesOnceAndAFreshOneAgain) {
  context();
  const std::string header = "Idempotency-Key: k1\r\n";
  EXPECT_EQ(body_of(post("/apps/42/events", kEvent, header)), "{}");
  EXPECT_EQ(body_of(post("/apps/42/events", kEvent, header)), "{}");
  EXPECT_EQ(stats_.events.value(), 1U);
  EXPECT_EQ(stats_.idempotent_repeats.value(), 1U);
  EXPECT_EQ(body_of(post("/apps/42/events", kEvent, "Idempotency-Key: k2\r\n")), "{}");
  EXPECT_EQ(stats_.events.value(), 2U);
  const std::string too_long = "Idempotency-Key: " + std::string(256, 'k') + "\r\n";
  EXPECT_EQ(status_of_answer(post("/apps/42/events", kEvent, too_long)), 400);
}

TEST_F(ApiTest, WhoAsksIsCheckedAndTold) {
  context();
  const auto refused = [&](const std::string& target) { return ask(request_text("GET", target)); };
  std::string answer = refused("/apps/42/channels");
  EXPECT_EQ(status_of_answer(answer), 401);
  EXPECT_TRUE(body_of(answer).starts_with("Authentication key required"));

  answer = refused(signed_target("GET", "/apps/43/channels"));
  EXPECT_EQ(status_of_answer(answer), 400);
  EXPECT_TRUE(body_of(answer).starts_with("Unknown auth_key"));

  std::string target = signed_target("GET", "/apps/42/channels");
  target.replace(target.find("auth_signature=") + 15, 4, "0000");
  answer = refused(target);
  EXPECT_EQ(status_of_answer(answer), 401);
  EXPECT_TRUE(body_of(answer).starts_with("Invalid signature: you should have sent HmacSHA256Hex(\"GET"));
  EXPECT_EQ(answer.find("secret\""), std::string::npos);

  target = signed_target("GET", "/apps/42/channels");
  clock_.advance(std::chrono::seconds{600});
  answer = refused(target);
  EXPECT_EQ(status_of_answer(answer), 401);
  EXPECT_TRUE(body_of(answer).starts_with("Timestamp expired"));
  EXPECT_EQ(stats_.unauthorized.value(), 4U);
}

TEST_F(ApiTest, ADisabledAppIs403) {
  app_settings_.switches.enabled = false;
  context();
  const std::string answer = get("/apps/42/channels");
  EXPECT_EQ(status_of_answer(answer), 403);
  EXPECT_TRUE(body_of(answer).starts_with("Application disabled"));
}

TEST_F(ApiTest, ReadsOfChannels) {
  context();
  test::FakeSubscriber subscriber("alice");
  loops_.connect(0, subscriber);
  EXPECT_EQ(body_of(get("/apps/42/channels")), R"({"channels":{}})");
  EXPECT_EQ(body_of(get("/apps/42/channels/a")), R"({"occupied":false})");
  EXPECT_EQ(body_of(get("/apps/42/channels/presence-a/users")), R"({"users":[]})");
  (void)loops_.subscribe(subscriber, app_, "presence-a", "alice");
  EXPECT_EQ(body_of(get("/apps/42/channels")), R"({"channels":{"presence-a":{}}})");
  EXPECT_EQ(body_of(get("/apps/42/channels", {{"filter_by_prefix", "private-"}})), R"({"channels":{}})");
  EXPECT_EQ(body_of(get("/apps/42/channels", {{"filter_by_prefix", "presence-"}, {"info", "user_count"}})),
            R"({"channels":{"presence-a":{"user_count":1}}})");
  EXPECT_EQ(body_of(get("/apps/42/channels/presence-a", {{"info", "user_count"}})),
            R"({"occupied":true,"user_count":1})");
  EXPECT_EQ(body_of(get("/apps/42/channels/presence-a/users")), R"({"users":[{"id":"alice"}]})");
  EXPECT_EQ(body_of(get("/apps/42/users")), R"({"user_count":1})");
  EXPECT_EQ(body_of(get("/apps/42/users", {{"info", "ids"}})), R"({"user_count":1,"users":[{"id":"alice"}]})");
  EXPECT_EQ(body_of(get("/apps/42/channels/presence-a/stats")),
            R"({"occupied":true,"user_count":1,"connection_count":1})");
  loops_.close(subscriber);
}

TEST_F(ApiTest, ReadsThatDoNotFitTheChannelAre400) {
  context();
  const auto expect_400 = [&](const std::string& path, const std::vector<std::pair<std::string, std::string>>& query,
                              std::string_view text) {
    const std::string answer = get(path, query);
    EXPECT_EQ(status_of_answer(answer), 400) << path;
    EXPECT_TRUE(body_of(answer).starts_with(text)) << body_of(answer);
  };
  expect_400("/apps/42/channels", {{"info", "user_count"}}, "Cannot retrieve the user count unless");
  expect_400("/apps/42/channels", {{"info", "subscription_count"}}, "info should be a comma separated list");
  expect_400("/apps/42/channels/a", {{"info", "user_count"}}, "Cannot retrieve the user count unless");
  expect_400("/apps/42/channels/a", {{"info", "cache"}}, "Cannot retrieve the cache unless");
  expect_400("/apps/42/channels/a", {{"info", "subscription_count"}}, "Cannot retrieve the subscription count");
  expect_400("/apps/42/channels/a", {{"more", "1"}}, "The following query string parameters are extraneous: more\n");
  expect_400("/apps/42/channels/a/users", {}, "Users can only be retrieved for presence channels");
  expect_400("/apps/42/channels/presence-a/users", {{"info", "x"}},
             "The following query string parameters are extraneous: info");
  expect_400("/apps/42/users", {{"info", "names"}}, "Invalid info parameter");
  expect_400("/apps/42/channels/a%20b", {}, "Invalid");
}

TEST_F(ApiTest, ACacheChannelShowsItsEvent) {
  context();
  EXPECT_EQ(body_of(get("/apps/42/channels/cache-a", {{"info", "cache"}})), R"({"occupied":false,"cache":null})");
  (void)post("/apps/42/events", R"({"name":"e","channel":"cache-a","data":"x\"y"})");
  EXPECT_EQ(body_of(get("/apps/42/channels/cache-a", {{"info", "cache"}})),
            R"({"occupied":false,"cache":{"data":"x\"y","ttl":1800}})");
}

TEST_F(ApiTest, TerminateAnswersWithOrWithoutTheAppInThePath) {
  context();
  EXPECT_EQ(body_of(post("/apps/42/users/alice/terminate_connections", "{}")), "{}");
  EXPECT_EQ(body_of(post("/users/alice/terminate_connections", "{}")), "{}");
  EXPECT_EQ(body_of(post("/apps/42/channels/presence-a/users/alice/kick", "{}")), "{}");
  EXPECT_EQ(stats_.commands.value(), 3U);
  EXPECT_EQ(status_of_answer(ask(request_text("POST", "/users/alice/terminate_connections", "{}"))), 401);
}

TEST_F(ApiTest, TheDeprecatedPublishIs202) {
  context();
  const std::string answer = post("/apps/42/channels/a/events", "raw data", {}, {{"name", "e"}});
  EXPECT_EQ(status_of_answer(answer), 202);
  EXPECT_EQ(body_of(answer), "");
}

TEST_F(ApiTest, BrowsersAreToldNothingUnlessCorsIsOn) {
  EXPECT_EQ(get("/apps/42/channels").find("Access-Control"), std::string::npos);
}

TEST_F(ApiTest, WithCorsEveryAnswerAndThePreflightSayIt) {
  api_options_.cors = true;
  context();
  const std::string header = "Access-Control-Allow-Origin: *\r\n";
  EXPECT_NE(get("/apps/42/channels").find(header), std::string::npos);
  EXPECT_NE(post("/apps/42/events", kEvent).find(header), std::string::npos);
  EXPECT_NE(ask(request_text("GET", "/apps/42/channels")).find(header), std::string::npos);
  const std::string preflight = ask(request_text("OPTIONS", "/apps/42/events"));
  EXPECT_EQ(status_of_answer(preflight), 204);
  EXPECT_NE(preflight.find(header), std::string::npos);
  EXPECT_NE(preflight.find("Access-Control-Allow-Methods: "), std::string::npos);
}

}  // namespace
}  // namespace fanfare::api
