#include "gateway/trigger_handlers.h"

#include <gtest/gtest.h>

#include "gateway/gateway_test_support.h"

namespace fanfare::gateway {
namespace {

class TriggerHandlersTest : public GatewayTest {
 protected:
  TestAnswer trigger_body(std::string_view role, std::string_view body, std::string_view headers = "") {
    return post("/api/v1/realtime/trigger", as("1", role) + std::string(headers), body);
  }
  TestAnswer batch(std::string_view role, std::string_view body) {
    return post("/api/v1/realtime/trigger-batch", as("1", role) + "Idempotency-Key: k1\r\n", body);
  }
};

TEST_F(TriggerHandlersTest, PublishesToOneChannel) {
  const TestAnswer answer =
      trigger_body("teacher", R"({"channel":"private-student","event":"quiz","data":{"n": [1, 2]},"socket_id":"1.2"})",
                   "Idempotency-Key: k1\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body,
            R"({"success":true,"channels":["private-student"],"event":"quiz","channel":"private-student"})");
  ASSERT_EQ(backend().published.size(), 1U);
  const sdk::Event& event = backend().published[0];
  EXPECT_EQ(event.data, R"({"n":[1,2]})");
  EXPECT_EQ(event.socket_id, "1.2");
  EXPECT_EQ(event.idempotency_key, "k1");
}

TEST_F(TriggerHandlersTest, PublishesToSeveralAndTellsCounts) {
  backend().trigger_answer.channels["public-dashboard"].subscription_count = 3;
  const TestAnswer answer = trigger_body(
      "teacher",
      R"({"channels":["public-dashboard","private-student","public-dashboard"],"event":"e","data":"d","info":"subscription_count"})");
  EXPECT_EQ(answer.body, R"({"success":true,"channels":["public-dashboard","private-student"],"event":"e",)"
                         R"("info":{"public-dashboard":{"subscription_count":3}}})");
  EXPECT_TRUE(backend().published[0].info.subscription_count);
}

TEST_F(TriggerHandlersTest, OneForbiddenChannelAndNothingIsPublished) {
  const TestAnswer answer =
      trigger_body("teacher", R"({"channels":["private-student","private-admin"],"event":"e","data":"d"})");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(answer.message(), "private-admin: needs role admin");
  EXPECT_EQ(trigger(as("1", "student"), "private-student").message(), "needs role teacher");
  EXPECT_EQ(batch("teacher", R"({"batch":[{"channel":"private-student","event":"e","data":"d"},)"
                             R"({"channel":"agent-tasks","event":"e","data":"d"}]})")
                .status,
            403);
  EXPECT_TRUE(backend().published.empty());
  EXPECT_TRUE(backend().batches.empty());
}

TEST_F(TriggerHandlersTest, AServiceTriggersEverywhere) {
  EXPECT_EQ(trigger(as("backend", "service"), "private-unknown").status, 200);
  EXPECT_EQ(trigger(as("backend", "service"), "agent-metrics").status, 200);
}

TEST_F(TriggerHandlersTest, RefusesWhatCannotBePublished) {
  const std::string long_name(201, 'e');
  std::string channels = "\"a0\"";
  for (int i = 1; i <= 100; ++i) channels += ",\"a" + std::to_string(i) + "\"";
  for (const std::string& body : {
           std::string("{"),
           std::string("[]"),
           std::string(R"({"event":"e","data":"d"})"),
           std::string(R"({"channel":7,"event":"e","data":"d"})"),
           std::string(R"({"channel":"a","channels":["b"],"event":"e","data":"d"})"),
           std::string(R"({"channels":[],"event":"e","data":"d"})"),
           std::string(R"({"channels":"a","event":"e","data":"d"})"),
           R"({"channels":[)" + channels + R"(],"event":"e","data":"d"})",
           std::string(R"({"channel":"a b","event":"e","data":"d"})"),
           std::string(R"({"channel":"#server-to-user-7","event":"e","data":"d"})"),
           std::string(R"({"channels":["private-encrypted-a","b"],"event":"e","data":"d"})"),
           std::string(R"({"channel":"a","data":"d"})"),
           std::string(R"({"channel":"a","event":"","data":"d"})"),
           R"({"channel":"a","event":")" + long_name + R"(","data":"d"})",
           std::string(R"({"channel":"a","event":"pusher:ping","data":"d"})"),
           std::string(R"({"channel":"a","event":"pusher_internal:member_added","data":"d"})"),
           std::string(R"({"channel":"a","event":"e"})"),
           std::string(R"({"channel":"a","event":"e","data":"d","socket_id":"1.2:x"})"),
           std::string(R"({"channel":"a","event":"e","data":"d","info":"cache"})"),
       }) {
    const TestAnswer answer = trigger_body("service", body);
    EXPECT_EQ(answer.status, 400) << body << answer.body;
    EXPECT_EQ(answer.code(), "invalid_request");
  }
  EXPECT_EQ(trigger_body("service", R"({"channel":"a","event":"e","data":")" + std::string(10'241, 'x') + "\"}").status,
            413);
  EXPECT_EQ(trigger_body("service", R"({"channel":"a","event":"e","data":")" + std::string(10'240, 'x') + "\"}").status,
            200);
  EXPECT_EQ(trigger_body("service", R"({"channel":"a","event":"e","data":"d"})",
                         "Idempotency-Key: " + std::string(256, 'k') + "\r\n")
                .status,
            400);
}

TEST_F(TriggerHandlersTest, PublishesABatch) {
  const TestAnswer answer =
      batch("service", R"({"batch":[{"channel":"a","event":"e","data":"d"},{"channel":"b","name":"f","data":{}}]})");
  EXPECT_EQ(answer.body, R"({"success":true,"batch":[{"channel":"a","event":"e"},{"channel":"b","event":"f"}]})");
  EXPECT_EQ(backend().batch_key, "k1");
  ASSERT_EQ(backend().batches.size(), 1U);
  EXPECT_EQ(backend().batches[0][1].data, "{}");
  std::string many = R"({"channel":"a","event":"e","data":"d"})";
  for (int i = 0; i < 10; ++i) many += R"(,{"channel":"a","event":"e","data":"d"})";
  EXPECT_EQ(batch("service", R"({"batch":[)" + many + "]}").status, 400);
  EXPECT_EQ(batch("service", R"({"batch":[]})").status, 400);
  EXPECT_EQ(batch("service", R"({"batch":[{"channel":"a","event":"e","data":"d"},7]})").message(),
            "batch[1]: expected an object, found a number");
}

TEST_F(TriggerHandlersTest, SwitchedOffPublishingIsSkippedAndSaid) {
  gateway_options_.channels.enabled = false;
  EXPECT_EQ(trigger(as("1", "teacher"), "private-student").body, R"({"success":true,"skipped":true})");
  EXPECT_EQ(batch("service", R"({"batch":[{"channel":"a","event":"e","data":"d"}]})").body,
            R"({"success":true,"skipped":true})");
  for (const char* path : {"users/7/events", "users/7/terminate", "agents/a/status", "agents/a/events"}) {
    EXPECT_EQ(post("/api/v1/realtime/" + std::string(path), as("1", "service"),
                   R"({"event":"task.created","data":1,"status":"idle"})")
                  .body,
              R"({"success":true,"skipped":true})")
        << path;
  }
  EXPECT_EQ(trigger(as("1", "student"), "private-student").status, 403);
  EXPECT_TRUE(backend().published.empty());
  EXPECT_TRUE(backend().terminated.empty());
}

TEST_F(TriggerHandlersTest, TheProtocolsOwnEventsAreRefusedEverywhere) {
  for (const std::string name : {"pusher:ping", "pusher_internal:member_added"}) {
    const std::string event = R"("event":")" + name + R"(","data":"d"})";
    EXPECT_EQ(trigger_body("service", R"({"channel":"a",)" + event).status, 400) << name;
    EXPECT_EQ(batch("service", R"({"batch":[{"channel":"a",)" + event + "]}").status, 400) << name;
    EXPECT_EQ(post("/api/v1/realtime/users/7/events", as("1", "service"), "{" + event).status, 400) << name;
  }
  EXPECT_TRUE(backend().published.empty());
  EXPECT_TRUE(backend().batches.empty());
}

TEST_F(TriggerHandlersTest, EveryPublishTakesTheCallersKeyAlong) {
  const std::string headers = as("1", "service") + "Idempotency-Key: k7\r\n";
  post("/api/v1/realtime/users/7/events", headers, R"({"event":"e","data":1})");
  post("/api/v1/realtime/agents/a/status", headers, R"({"status":"idle"})");
  post("/api/v1/realtime/agents/a/events", headers, R"({"event":"task.created","data":1})");
  ASSERT_EQ(backend().published.size(), 3U);
  for (const sdk::Event& event : backend().published) EXPECT_EQ(event.idempotency_key, "k7") << event.name;
}

TEST_F(TriggerHandlersTest, SendsToAUserOnBothChannels) {
  const TestAnswer answer =
      post("/api/v1/realtime/users/7/events", as("1", "teacher"), R"({"event":"e","data":{"a":1}})");
  EXPECT_EQ(answer.body, R"({"success":true,"user_id":"7","event":"e","channels":["private-user-7"]})");
  ASSERT_EQ(backend().published.size(), 1U);
  EXPECT_EQ(backend().published[0].channels, (std::vector<std::string>{"#server-to-user-7", "private-user-7"}));
  EXPECT_EQ(post("/api/v1/realtime/users/7/events", as("7", ""), R"({"event":"e","data":1})").status, 200);
  EXPECT_EQ(post("/api/v1/realtime/users/7/events", as("8", "student"), R"({"event":"e","data":1})").status, 403);
}

TEST_F(TriggerHandlersTest, AUsersIdThatCannotStandInAChannelNameIsRefused) {
  for (const char* id : {"a%2Fb", "a%20b", "%23x", "a%3Ab", "%C3%A9", "%00"}) {
    const TestAnswer answer =
        post("/api/v1/realtime/users/" + std::string(id) + "/events", as("1", "service"), R"({"event":"e","data":1})");
    EXPECT_EQ(answer.status, 400) << id;
    EXPECT_NE(answer.message().find("A-Za-z0-9_-=@,.;"), std::string::npos) << answer.body;
  }
  EXPECT_EQ(post("/api/v1/realtime/users/" + std::string(152, 'x') + "/events", as("1", "service"),
                 R"({"event":"e","data":1})")
                .status,
            400);
}

TEST_F(TriggerHandlersTest, TheUserItselfTheHighestRoleAndServicesTerminate) {
  const auto terminate = [&](std::string_view user, std::string_view role) {
    return post("/api/v1/realtime/users/7/terminate", as(user, role), "{}");
  };
  EXPECT_EQ(terminate("1", "teacher").message(), "needs role admin or to be that user");
  EXPECT_TRUE(backend().terminated.empty());
  EXPECT_EQ(terminate("7", "student").body, R"({"success":true,"user_id":"7"})");
  EXPECT_EQ(terminate("1", "admin").status, 200);
  EXPECT_EQ(terminate("1", "service").status, 200);
  EXPECT_EQ(backend().terminated.size(), 3U);
}

TEST_F(TriggerHandlersTest, SaysHowTheChannelsServerFailed) {
  using sdk::ErrorKind;
  const auto outcome = [&](ErrorKind kind, int status) {
    backend().failure = FakeBackend::error(kind, status);
    return trigger(as("1", "service"), "a");
  };
  const TestAnswer away = outcome(ErrorKind::kUnavailable, 0);
  EXPECT_EQ(away.status, 503);
  EXPECT_EQ(away.code(), "channels_unavailable");
  EXPECT_TRUE(away.has_header("Retry-After: 1"));
  EXPECT_EQ(outcome(ErrorKind::kTimeout, 0).status, 503);
  EXPECT_EQ(outcome(ErrorKind::kLimit, 429).status, 503);
  EXPECT_EQ(outcome(ErrorKind::kServer, 500).status, 502);
  EXPECT_EQ(outcome(ErrorKind::kUnauthorized, 401).status, 502);
  EXPECT_EQ(outcome(ErrorKind::kForbidden, 403).status, 503);
  EXPECT_EQ(outcome(ErrorKind::kRejected, 400).status, 400);
  EXPECT_EQ(outcome(ErrorKind::kTooLarge, 413).status, 413);
}

}  // namespace
}  // namespace fanfare::gateway
