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
}

TEST_F(AgentHandlersTest, FiveStatusesHaveAnEventOfTheirOwn) {
  for (const char* own : {"started", "stopped", "idle", "busy", "error"}) {
    EXPECT_EQ(event_of_status(own), "agent." + std::string(own));
  }
  for (const char* other : {"warming up", "Busy", "", "status", "agent.idle"}) {
    EXPECT_EQ(event_of_status(other), "agent.status") << other;
  }
}

TEST_F(AgentHandlersTest, WithoutDetailsTheyAreNull) {
  EXPECT_EQ(status("grader", R"({"status":"napping"})").status, 200);
  EXPECT_EQ(backend().published[0].name, "agent.status");
  EXPECT_NE(backend().published[0].data.find("\"details\":null"), std::string::npos);
}

TEST_F(AgentHandlersTest, AnEventGoesToItsSharedChannelWithItsOwnData) {
  const std::pair<const char*, const char*> eleven[] = {
      {"agent.started", "agent-status"},    {"agent.stopped", "agent-status"},  {"agent.idle", "agent-status"},
      {"agent.busy", "agent-status"},       {"agent.error", "agent-status"},    {"task.created", "agent-tasks"},
      {"task.started", "agent-tasks"},      {"task.completed", "agent-tasks"},  {"task.failed", "agent-tasks"},
      {"metrics.updated", "agent-metrics"}, {"health.updated", "system-health"}};
  EXPECT_EQ(sdk::agent_events::kAll.size(), std::size(eleven));
  for (const auto& [name, shared] : eleven) {
    backend().published.clear();
    EXPECT_EQ(event("grader", name).status, 200) << name;
    ASSERT_EQ(backend().published.size(), 1U);
    EXPECT_EQ(backend().published[0].name, name);
    EXPECT_EQ(backend().published[0].channels, (std::vector<std::string>{"agent-grader", shared}));
    EXPECT_EQ(backend().published[0].data, R"({"own":1})");
  }
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
