// Publishing through the HTTP API: events, batches, the deprecated form. Source: REF 9.3, 9.4
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class PublishTest : public LoopsTest {
 protected:
  HttpResponse post(std::string_view body) { return server().api().post("/events", body); }
  HttpResponse post_batch(std::string_view body) { return server().api().post("/batch_events", body); }
};

// A refused request: its status, and how the text begins.
void expect_refusal(const HttpResponse& response, int status, std::string_view begin) {
  EXPECT_EQ(response.status, status) << response.body;
  EXPECT_THAT(response.body, StartsWith(std::string(begin)));
  EXPECT_EQ(response.body.back(), '\n');
  EXPECT_THAT(response.header("Content-Type"), StartsWith("text/plain"));
}

TEST_P(PublishTest, SeveralChannelsAtOnceEachOnce) {
  const auto client = server().connect();
  for (const char* channel : {"a", "b", "c"}) client->subscribe_and_wait(channel);
  const HttpResponse response = post(R"({"name":"e","channels":["a","b","a"],"data":"1"})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(response.header("Content-Type"), "application/json");
  const std::vector<std::string> received{client->next_text(), client->next_text()};
  EXPECT_THAT(received, testing::UnorderedElementsAre(event_text("e", "a", "1"), event_text("e", "b", "1")));
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(PublishTest, TheSocketIdIsLeftOut) {
  const auto sender = server().connect();
  const auto receiver = server().connect();
  for (const char* channel : {"a", "b"}) {
    sender->subscribe_and_wait(channel);
    receiver->subscribe_and_wait(channel);
  }
  EXPECT_EQ(post(R"({"name":"e","channels":["a","b"],"data":"1","socket_id":")" + sender->socket_id() + R"("})").body,
            "{}");
  receiver->next_text();
  receiver->next_text();
  EXPECT_EQ(sender->unexpected(), "");
  EXPECT_EQ(post(R"({"name":"e","channel":"a","data":"1","socket_id":"99999999999999999999.1"})").body, "{}");
  EXPECT_EQ(sender->next_text(), event_text("e", "a", "1"));
  expect_refusal(post(R"({"name":"e","channel":"a","data":"1","socket_id":"x"})"), 400, "Invalid socket id");
}

TEST_P(PublishTest, DataIsPassedOnAsItWas) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  EXPECT_EQ(post(R"({"name":"\u00e9","channel":"a","data":"\u00e9\ud83d\ude00\n\u0000\/"})").body, "{}");
  EXPECT_EQ(client->next_text(), R"({"event":"\u00e9","channel":"a","data":"\u00e9\ud83d\ude00\n\u0000\/"})");
  EXPECT_EQ(post(R"({"name":"e","channel":"a","data":""})").body, "{}");
  EXPECT_EQ(client->next_text(), event_text("e", "a", ""));
  EXPECT_EQ(post(R"({"name":"e","channel":"a","data":{"x": [1, 2]}})").body, "{}");
  EXPECT_EQ(client->next_text(), event_text("e", "a", R"({"x":[1,2]})"));
}

TEST_P(PublishTest, ParametersMayBeInTheQuery) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  const HttpResponse response =
      server().api().post("/events", "", {}, {{"name", "e"}, {"data", "q"}, {"channels[]", "a"}});
  EXPECT_EQ(response.body, "{}");
  EXPECT_EQ(client->next_text(), event_text("e", "a", "q"));
}

TEST_P(PublishTest, InfoCountsWhatAppliesToEachChannel) {
  start({{.settings = "subscription_count = true"}});
  const auto first = server().connect();
  const auto second = server().connect();
  first->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  second->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  first->subscribe_and_wait("plain");
  EXPECT_EQ(post(R"({"name":"e","channels":["plain","presence-a","presence-empty"],"data":"1",)"
                 R"("info":"user_count,subscription_count"})")
                .body,
            R"({"channels":{"plain":{"subscription_count":1},"presence-a":{"user_count":1,"subscription_count":2},)"
            R"("presence-empty":{"user_count":0,"subscription_count":0}}})");
  EXPECT_EQ(post(R"({"name":"e","channel":"plain","data":"1","info":"user_count"})").body,
            R"({"channels":{"plain":{}}})");
  expect_refusal(post(R"({"name":"e","channel":"plain","data":"1","info":"nonsense"})"), 400,
                 "info should be a comma separated list of attributes");
}

TEST_P(PublishTest, SubscriptionCountNeedsTheAppsSwitch) {
  expect_refusal(post(R"({"name":"e","channel":"a","data":"1","info":"subscription_count"})"), 400,
                 "Cannot retrieve the subscription count");
}

TEST_P(PublishTest, BadParametersAreRefused) {
  const std::pair<const char*, const char*> cases[] = {
      {"nonsense", "invalid JSON"},
      {"[]", ""},
      {R"({"channel":"a","data":"1"})", "Expected name parameter to be a string"},
      {R"({"name":7,"channel":"a","data":"1"})", "Expected name parameter to be a string"},
      {R"({"name":"","channel":"a","data":"1"})", "Expected name parameter to be a string"},
      {R"({"name":"pusher:e","channel":"a","data":"1"})", "Invalid event name"},
      {R"({"name":"pusher_internal:e","channel":"a","data":"1"})", "Invalid event name"},
      {R"({"name":"e","channel":"a"})", "Expected data parameter to be a string"},
      {R"({"name":"e","channel":"a","data":null})", "Expected data parameter to be a string"},
      {R"({"name":"e","data":"1"})", "Missing required parameter: channels"},
      {R"({"name":"e","channels":[],"data":"1"})", "Missing required parameter: channels"},
      {R"({"name":"e","channels":"a","data":"1"})", "Expected channels parameter to be an array"},
      {R"({"name":"e","channels":["a",7],"data":"1"})", "Expected channels[] parameter to be a string"},
      {R"({"name":"e","channel":"a b","data":"1"})", "Invalid channel name"},
      {R"({"name":"e","channel":"#server-to-user-","data":"1"})", "Invalid channel name"},
      {R"({"name":"e","channel":"a","data":"1","info":7})", "Expected info parameter to be a string"},
  };
  for (const auto& [body, text] : cases) {
    SCOPED_TRACE(body);
    expect_refusal(post(body), 400, text);
  }
}

TEST_P(PublishTest, LimitsOfNameChannelsAndData) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  const auto with = [](std::size_t name, std::size_t data) {
    return ApiClient::event_body("a", std::string(name, 'n'), std::string(data, 'd'));
  };
  EXPECT_EQ(post(with(200, 10'240)).status, 200);
  EXPECT_EQ(client->next_text(), event_text(std::string(200, 'n'), "a", std::string(10'240, 'd')));
  EXPECT_EQ(post(with(201, 1)).status, 400);
  expect_refusal(post(with(1, 10'241)), 413,
                 "The data content of this event exceeds the allowed maximum (10240 bytes)");
  // Counted after JSON's escapes.
  EXPECT_EQ(post(R"({"name":"e","channel":"a","data":")" + std::string(10'239, 'd') + R"(\u0061"})").status, 200);
  client->next_text();
  const auto channels = [](int count) {
    std::string body = R"({"name":"e","data":"1","channels":["c0")";
    for (int i = 1; i < count; ++i) body += R"(,"c)" + std::to_string(i) + '"';
    return body + "]}";
  };
  EXPECT_EQ(post(channels(100)).status, 200);
  EXPECT_EQ(post(channels(101)).status, 400);
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(PublishTest, ABatchIsAllOrNothing) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  EXPECT_EQ(
      post_batch(R"({"batch":[{"name":"e","channel":"a","data":"1"},{"name":"f","channel":"a","data":"2"}]})").body,
      "{}");
  EXPECT_EQ(client->next_text(), event_text("e", "a", "1"));
  EXPECT_EQ(client->next_text(), event_text("f", "a", "2"));
  expect_refusal(
      post_batch(R"({"batch":[{"name":"e","channel":"a","data":"1"},{"name":"f","channel":"a b","data":"2"}]})"), 400,
      "Invalid channel name");
  expect_refusal(post_batch(R"({"batch":[{"name":"e","channel":"a","data":"1"},{"name":"f","channel":"a","data":")" +
                            std::string(10'241, 'x') + R"("}]})"),
                 413, "The data content of this event exceeds the allowed maximum");
  expect_refusal(post_batch(R"({"batch":[{"name":"e","channels":["a"],"data":"1"}]})"), 400, "");
  expect_refusal(post_batch(R"({"batch":7})"), 400, "Expected batch parameter to be an array");
  expect_refusal(post_batch(R"({"batch":[7]})"), 400, "Expected an object");
  std::string large = R"({"batch":[{"name":"e","channel":"a","data":"1"})";
  for (int i = 1; i < 11; ++i) large += R"(,{"name":"e","channel":"a","data":"1"})";
  expect_refusal(post_batch(large + "]}"), 400, "Batch too large");
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(PublishTest, ABatchAnswersInfoByIndex) {
  start({{.settings = "subscription_count = true"}});
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  client->next_text();  // its subscription_count
  EXPECT_EQ(post_batch(R"({"batch":[{"name":"e","channel":"a","data":"1","info":"subscription_count"},)"
                       R"({"name":"e","channel":"a","data":"2","socket_id":")" +
                       client->socket_id() +
                       R"("},{"name":"e","channel":"presence-b","data":"3","info":"user_count,subscription_count"}]})")
                .body,
            R"({"batch":[{"subscription_count":1},{},{"user_count":0,"subscription_count":0}]})");
  EXPECT_EQ(client->next_text(), event_text("e", "a", "1"));
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(PublishTest, TheDeprecatedFormTakesTheBodyAsData) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  ApiClient api = server().api();
  const HttpResponse response = api.post("/channels/a/events", R"({"not":"parsed" )", {}, {{"name", "e"}});
  EXPECT_EQ(response.status, 202);
  EXPECT_EQ(response.body, "");
  EXPECT_EQ(client->next_text(), event_text("e", "a", R"({"not":"parsed" )"));
  EXPECT_EQ(api.post("/channels/a/events", "1", {}, {{"name", "e"}, {"socket_id", client->socket_id()}}).status, 202);
  expect_refusal(api.post("/channels/a/events", "\xff", {}, {{"name", "e"}}), 400,
                 "Expected data parameter to be UTF-8");
  expect_refusal(api.post("/channels/a/events", "1"), 400, "Expected name parameter");
  EXPECT_EQ(client->unexpected(), "");
}

TEST_P(PublishTest, BeyondTheRateItIs429) {
  start({{.limits = "publishes_per_second = 1"}});
  ApiClient api = server().api();
  HttpResponse response;
  for (int i = 0; i < 10 && response.status != 429; ++i)
    response = api.post("/events", ApiClient::event_body("a", "e", "1"));
  expect_refusal(response, 429, "Rate limit exceeded");
  EXPECT_EQ(response.header("Retry-After"), "1");
}

FANFARE_WITH_LOOPS(PublishTest);

}  // namespace
}  // namespace fanfare::test
