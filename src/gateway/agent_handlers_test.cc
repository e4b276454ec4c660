#include "gateway/agent_handlers.h"

#include <gtest/gtest.h>

#include "gateway/gateway_test_support.h"

namespace fanfare::gateway {
namespace {

class AgentHandlersTest : public GatewayTest {
 protected:
  TestAnswer status(std::string_view agent, std::string_view body, std::string_view role = "service") {
    return post("/api/v1/realtime/agents/" + std::string(agent) + "/status", as("1", role), body);
  }
  TestAnswer event(std::string_view agent, std::string_view name, std::string_view role = "service") {
    return post("/api/v1/realtime/agents/" + std::string(agent) + "/events", as("1", role),
                R"({"event":")" + std::string(name) + R"(","data":{"own":1}})");
  }
};

TEST_F(AgentHandlersTest, AStatusGoesToBothChannelsUnderItsEvent) {
  const TestAnswer answer = status("grader", R"({"status":"busy","details":{"queue": 3}})");
  EXPECT_EQ(answer.body,
            R"({"success":true,"agent":"grader","event":"agent.busy","channels":["agent-status","agent-grader"]})");
  ASSERT_EQ(backend().published.size(), 1U);
  EXPECT_EQ(backend().published[0].data,
            R"({"agent":"grader","status":"busy","details":{"queue":3},"timestamp":"2023-11-14T22:13:20.000Z"})");
  EXPECT_EQ(event_of_status("started"), "agent.started");
  EXPECT_EQ(event_of_status("error"), "agent.error");
  EXPECT_EQ(event_of_status("warming up"), "agent.status");
  EXPECT_EQ(event_of_status("Busy"), "agent.status");
}

TEST_F(AgentHandlersTest, WithoutDetailsTheyAreNull) {
  EXPECT_EQ(status("grader", R"({"status":"napping"})").status, 200);
  EXPECT_EQ(backend().published[0].name, "agent.status");
  EXPECT_NE(backend().published[0].data.find("\"details\":null"), std::string::npos);
}

TEST_F(AgentHandlersTest, AnEventGoesToItsSharedChannelWithItsOwnData) {
  for (const auto& [name, shared] :
       {std::pair("agent.started", "agent-status"), std::pair("task.created", "agent-tasks"),
        std::pair("task.failed", "agent-tasks"), std::pair("metrics.updated", "agent-metrics"),
        std::pair("health.updated", "system-health")}) {
    backend().published.clear();
    EXPECT_EQ(event("grader", name).status, 200) << name;
    ASSERT_EQ(backend().published.size(), 1U);
    EXPECT_EQ(backend().published[0].channels, (std::vector<std::string>{"agent-grader", shared}));
    EXPECT_EQ(backend().published[0].data, R"({"own":1})");
  }
  for (const std::string_view name : sdk::agent_events::kAll) EXPECT_FALSE(shared_channel_of(name).empty()) << name;
}

TEST_F(AgentHandlersTest, OtherEventsAndReservedIdsAreRefused) {
  for (const char* name : {"agent.exploded", "task", "task.", "Agent.started", "pusher:ping"}) {
    EXPECT_EQ(event("grader", name).status, 400) << name;
  }
  EXPECT_NE(event("grader", "task.x").message().find("task.created"), std::string::npos);
  for (const char* id : {"status", "tasks", "metrics", "a%2Fb", "a%20b"}) {
    EXPECT_EQ(event(id, "task.created").status, 400) << id;
    EXPECT_EQ(status(id, R"({"status":"idle"})").status, 400) << id;
  }
  for (const char* body : {"{}", "[]", R"({"status":7})", R"({"status":""})"}) EXPECT_EQ(status("a", body).status, 400);
  EXPECT_TRUE(backend().published.empty());
}

TEST_F(AgentHandlersTest, OnlyAdminsAndServicesSpeakForAgents) {
  EXPECT_EQ(status("grader", R"({"status":"idle"})", "teacher").status, 403);
  EXPECT_EQ(event("grader", "task.created", "student").status, 403);
  EXPECT_EQ(event("grader", "task.created", "admin").status, 200);
}

TEST_F(AgentHandlersTest, DetailsThatAreTooLargeAreRefused) {
  EXPECT_EQ(status("grader", R"({"status":"idle","details":")" + std::string(10'240, 'x') + "\"}").status, 413);
}

}  // namespace
}  // namespace fanfare::gateway
