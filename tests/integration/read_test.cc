// What an application asks about its channels. Source: REF 9.5
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

class ReadTest : public LoopsTest {
 protected:
  HttpResponse get(std::string_view path, const ApiParameters& parameters = {}) {
    return server().api().get(path, parameters);
  }
  void expect_refusal(const HttpResponse& response, std::string_view begin) {
    EXPECT_EQ(response.status, 400) << response.body;
    EXPECT_THAT(response.body, StartsWith(std::string(begin)));
  }
};

TEST_P(ReadTest, OccupiedChannels) {
  EXPECT_EQ(get("/channels").body, R"({"channels":{}})");
  const auto client = server().connect();
  for (const char* channel : {"plain", "private-a", "cache-a"}) client->subscribe_and_wait(channel);
  client->next_text();  // cache_miss
  client->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  const std::string all = get("/channels").body;
  for (const char* channel : {R"("plain":{})", R"("private-a":{})", R"("cache-a":{})", R"("presence-a":{})"}) {
    EXPECT_THAT(all, HasSubstr(channel));
  }
  EXPECT_EQ(get("/channels", {{"filter_by_prefix", "p"}, {"filter_by_prefix", "p"}}).status, 200);
  EXPECT_EQ(get("/channels", {{"filter_by_prefix", "priv"}}).body, R"({"channels":{"private-a":{}}})");
  EXPECT_EQ(get("/channels", {{"filter_by_prefix", "presence-"}, {"info", "user_count"}}).body,
            R"({"channels":{"presence-a":{"user_count":1}}})");
  expect_refusal(get("/channels", {{"info", "user_count"}}),
                 "Cannot retrieve the user count unless the channel is a presence");
  expect_refusal(get("/channels", {{"filter_by_prefix", "presence"}, {"info", "user_count"}}),
                 "Cannot retrieve the user count");
  expect_refusal(get("/channels", {{"info", "subscription_count"}}),
                 "info should be a comma separated list of attributes");
  expect_refusal(get("/channels", {{"page", "2"}, {"info", ""}}),
                 "The following query string parameters are extraneous: page");
}

TEST_P(ReadTest, OneChannel) {
  start({{.settings = "subscription_count = true"}});
  const auto first = server().connect();
  const auto second = server().connect();
  first->subscribe_and_wait("presence-cache-a", R"({"user_id":"u"})");
  second->subscribe_and_wait("presence-cache-a", R"({"user_id":"u"})");
  first->next_text();  // cache_miss
  EXPECT_EQ(first->subscribe_and_wait("plain"), subscription_succeeded("plain"));
  EXPECT_EQ(get("/channels/plain").body, R"({"occupied":true})");
  EXPECT_EQ(get("/channels/nobody").body, R"({"occupied":false})");
  EXPECT_EQ(get("/channels/nobody", {{"info", "subscription_count"}}).body, R"({"occupied":false})");
  EXPECT_EQ(get("/channels/presence-cache-a", {{"info", "user_count,subscription_count,cache"}}).body,
            R"({"occupied":true,"user_count":1,"subscription_count":2,"cache":null})");
  expect_refusal(get("/channels/plain", {{"info", "user_count"}}),
                 "Cannot retrieve the user count unless the channel is a presence");
  expect_refusal(get("/channels/plain", {{"info", "cache"}}), "Cannot retrieve the cache");
  expect_refusal(get("/channels/plain", {{"info", "nonsense"}}), "info should be a comma separated list of attributes");
  expect_refusal(get("/channels/plain", {{"more", "1"}}), "The following query string parameters are extraneous: more");
  expect_refusal(get("/channels/a!b"), "Invalid channel name");
}

TEST_P(ReadTest, NamesMayBePercentEncodedInThePath) {
  const auto client = server().connect();
  client->subscribe_and_wait("a=b@c,d;e");
  ApiClient api = server().api();
  // Signed over the plain path, encoded on the way. Source: REF 9.2
  std::string target = api.signed_target("GET", api.path("/channels/a=b@c,d;e"), "");
  target.replace(target.find("a=b@c,d;e"), 9, "a%3Db%40c%2Cd%3Be");
  EXPECT_EQ(api.http().get(target).body, R"({"occupied":true})");
  // Signed over the encoded one.
  EXPECT_EQ(api.http().get(api.signed_target("GET", api.path("/channels/a%3Db%40c%2Cd%3Be"), "")).body,
            R"({"occupied":true})");
}

TEST_P(ReadTest, Members) {
  const auto first = server().connect();
  const auto second = server().connect();
  const auto third = server().connect();
  first->subscribe_and_wait("presence-a", R"({"user_id":7,"user_info":{"secret":"no"}})");
  second->subscribe_and_wait("presence-a", R"({"user_id":"7"})");
  third->subscribe_and_wait("presence-a", R"({"user_id":"ü"})");
  EXPECT_THAT(get("/channels/presence-a/users").body,
              testing::AnyOf(R"({"users":[{"id":"7"},{"id":"ü"}]})", R"({"users":[{"id":"ü"},{"id":"7"}]})"));
  EXPECT_EQ(get("/channels/presence-empty/users").body, R"({"users":[]})");
  expect_refusal(get("/channels/plain/users"), "Users can only be retrieved for presence channels");
  expect_refusal(get("/channels/presence-a/users", {{"info", "x"}}),
                 "The following query string parameters are extraneous: info");
}

TEST_P(ReadTest, DeprecatedStats) {
  const auto client = server().connect();
  client->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  client->subscribe_and_wait("plain");
  EXPECT_EQ(get("/channels/presence-a/stats").body, R"({"occupied":true,"user_count":1,"connection_count":1})");
  EXPECT_EQ(get("/channels/plain/stats").body, R"({"occupied":true,"connection_count":1})");
  EXPECT_EQ(get("/channels/nobody/stats").body, R"({"occupied":false,"connection_count":0})");
}

TEST_P(ReadTest, ManyChannelsOfManyLoopsInOneList) {
  const auto client = server().connect();
  std::vector<std::string> names;
  for (int i = 0; i < 300; ++i) {
    client->subscribe("list-" + std::to_string(i));
    names.push_back(R"("list-)" + std::to_string(i) + R"(":{})");
  }
  for (int i = 0; i < 300; ++i) client->next_text();
  const std::string body = get("/channels").body;
  for (const std::string& name : names) EXPECT_THAT(body, HasSubstr(name));
}

FANFARE_WITH_LOOPS(ReadTest);

}  // namespace
}  // namespace fanfare::test
