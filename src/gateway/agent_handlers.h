// Agents tell what they do, by events with fixed names, on a channel of their own and on a shared one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fanfare/agent_events.h"
#include "gateway/authenticate.h"
#include "gateway/exchange.h"

namespace fanfare::gateway {

// "agent.busy" for "busy"; "agent.status" for what has no event of its own.
std::string_view event_of_status(std::string_view status) noexcept;
// The shared channel of an agent's event: "agent-tasks" for "task.created". Empty: not one of sdk::agent_events.
std::string_view shared_channel_of(std::string_view event) noexcept;

// POST /api/v1/realtime/agents/{agent_name}/status {"status","details"?}: on agent-status and agent-<name>, with the
// data
// {"agent","status","details","timestamp"}; timestamp as in 2026-01-31T12:00:00.000Z, details null when there are none.
// Wire: {"success":true,"agent":"grader","event":"agent.busy","channels":[…]}
void handle_agent_status(const ExchangeRef& exchange, const Caller& caller);
// POST /api/v1/realtime/agents/{agent_id}/events {"event","data"}: one of sdk::agent_events, with its own data.
// Wire: as above
void handle_agent_events(const ExchangeRef& exchange, const Caller& caller);

}  // namespace fanfare::gateway
