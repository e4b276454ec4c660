// Events that agents tell about themselves, by name: what the gateway publishes and dashboards listen for. Their data
// is the agent's own JSON. Constants. Source: docs/gateway.md, "Endpoints".
#pragma once

#include <array>
#include <string_view>

namespace fanfare::sdk::agent_events {

// The agent's life, on "agent-<id>" and "agent-status".
inline constexpr std::string_view kAgentStarted = "agent.started";
inline constexpr std::string_view kAgentStopped = "agent.stopped";
inline constexpr std::string_view kAgentIdle = "agent.idle";
inline constexpr std::string_view kAgentBusy = "agent.busy";
inline constexpr std::string_view kAgentError = "agent.error";
// What becomes of a task, on "agent-<id>" and "agent-tasks".
inline constexpr std::string_view kTaskCreated = "task.created";
inline constexpr std::string_view kTaskStarted = "task.started";
inline constexpr std::string_view kTaskCompleted = "task.completed";
inline constexpr std::string_view kTaskFailed = "task.failed";
// New figures, on "agent-<id>" and "agent-metrics", and of the whole system's health, on "system-health".
inline constexpr std::string_view kMetricsUpdated = "metrics.updated";
inline constexpr std::string_view kHealthUpdated = "health.updated";

// All of them: what the gateway's …/agents/<id>/events takes.
inline constexpr std::array<std::string_view, 11> kAll{
    kAgentStarted, kAgentStopped,  kAgentIdle,  kAgentBusy,      kAgentError,    kTaskCreated,
    kTaskStarted,  kTaskCompleted, kTaskFailed, kMetricsUpdated, kHealthUpdated,
};

}  // namespace fanfare::sdk::agent_events
