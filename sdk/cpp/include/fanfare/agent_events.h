// Events that agents tell about themselves, by name: what the gateway publishes and dashboards listen for.
#pragma once

#include <array>
#include <string_view>

namespace fanfare::sdk::agent_events {

inline constexpr std::string_view kAgentStarted = "agent.started";
inline constexpr std::string_view kAgentStopped = "agent.stopped";
inline constexpr std::string_view kAgentIdle = "agent.idle";
inline constexpr std::string_view kAgentBusy = "agent.busy";
inline constexpr std::string_view kAgentError = "agent.error";
inline constexpr std::string_view kTaskCreated = "task.created";
inline constexpr std::string_view kTaskStarted = "task.started";
inline constexpr std::string_view kTaskCompleted = "task.completed";
inline constexpr std::string_view kTaskFailed = "task.failed";
inline constexpr std::string_view kMetricsUpdated = "metrics.updated";
inline constexpr std::string_view kHealthUpdated = "health.updated";

inline constexpr std::array<std::string_view, 11> kAll{
    kAgentStarted, kAgentStopped,  kAgentIdle,  kAgentBusy,      kAgentError,    kTaskCreated,
    kTaskStarted,  kTaskCompleted, kTaskFailed, kMetricsUpdated, kHealthUpdated,
};

}  // namespace fanfare::sdk::agent_events
