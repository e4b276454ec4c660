#include "gateway/agent_handlers.h"

#include <algorithm>
#include <array>
#include <ctime>

#include "gateway/publishing.h"
#include "gateway/trigger_request.h"
#include "json/json_reader.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"
#include "pusher/limits.h"

namespace fanfare::gateway {
namespace {

namespace names = sdk::agent_events;

constexpr std::string_view kStatusChannel = "agent-status";
constexpr std::size_t kStatusBytesMax = 200;

struct StatusRow {
  std::string_view status;
  std::string_view event;
};
constexpr std::array<StatusRow, 5> kStatuses{{{"started", names::kAgentStarted},
                                              {"stopped", names::kAgentStopped},
                                              {"idle", names::kAgentIdle},
                                              {"busy", names::kAgentBusy},
                                              {"error", names::kAgentError}}};

// Whether `id` can name an agent; else answered.
bool is_agent_id(const ExchangeRef& exchange, const std::string& id) {
  if (id == "status" || id == "tasks" || id == "metrics") {
    exchange->refuse(400, "the agent ids status, tasks and metrics are reserved: agent-" + id + " is a shared channel");
    return false;
  }
  if (!id.starts_with('#') && pusher::is_valid_channel_name("agent-" + id)) return true;
  exchange->refuse(400,
                   "agent id: expected what can stand in a channel's name, 1 to 158 characters of A-Za-z0-9_-=@,.;");
  return false;
}

std::string iso_time(WallTime wall) {
  const auto since_epoch = std::chrono::duration_cast<std::chrono::milliseconds>(wall.time_since_epoch()).count();
  const auto seconds = std::time_t{since_epoch / 1000};
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
  std::string milliseconds = std::to_string(since_epoch % 1000);
  milliseconds.insert(0, 3 - milliseconds.size(), '0');
  return std::string(text) + "." + milliseconds + "Z";
}

void publish_agent_event(const ExchangeRef& exchange, const Caller& caller, const sdk::Event& event) {
  if (event.data.size() > pusher::kLimits.event_data_bytes_max) {
    return exchange->refuse(413, "the event's data is " + std::to_string(event.data.size()) + " bytes, at most " +
                                     std::to_string(pusher::kLimits.event_data_bytes_max) + " are allowed");
  }
  if (!may_trigger(exchange, caller, event.channels)) return;
  publish(exchange, event, [agent = exchange->capture(), event](const sdk::TriggerAnswer&) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().key("success").boolean(true).key("agent").string(agent).key("event").string(event.name);
    writer.key("channels").begin_array();
    for (const std::string& channel : event.channels) writer.string(channel);
    writer.end_array().end_object();
    return body;
  });
}

}  // namespace

std::string_view event_of_status(std::string_view status) noexcept {
  const auto* found = std::ranges::find(kStatuses, status, &StatusRow::status);
  return found == kStatuses.end() ? std::string_view("agent.status") : found->event;
}

std::string_view shared_channel_of(std::string_view event) noexcept {
  if (std::ranges::find(names::kAll, event) == names::kAll.end()) return {};
  if (event.starts_with("agent.")) return kStatusChannel;
  if (event.starts_with("task.")) return "agent-tasks";
  return event == names::kMetricsUpdated ? "agent-metrics" : "system-health";
}

void handle_agent_status(const ExchangeRef& exchange, const Caller& caller) {
  const std::string& agent = exchange->capture();
  if (!is_agent_id(exchange, agent)) return;
  json::Reader reader;
  if (Status status = reader.parse_object(exchange->body()); !status.ok()) {
    return exchange->refuse(400, status.error().message);
  }
  const json::Value* status = reader.find("status");
  if (status == nullptr || !status->is_string() || status->text.empty() || status->text.size() > kStatusBytesMax) {
    return exchange->refuse(400, "status: expected a string of 1 to " + std::to_string(kStatusBytesMax) + " bytes");
  }
  const json::Value* details = reader.find("details");
  std::string data;
  json::Writer writer(data);
  writer.begin_object().key("agent").string(agent).key("status").string(status->text);
  writer.key("details").raw(details == nullptr ? std::string("null") : json::compact(details->raw));
  writer.key("timestamp").string(iso_time(exchange->context().clock.wall())).end_object();
  publish_agent_event(exchange, caller,
                      {.channels = {std::string(kStatusChannel), "agent-" + agent},
                       .name = std::string(event_of_status(status->text)),
                       .data = std::move(data)});
}

void handle_agent_events(const ExchangeRef& exchange, const Caller& caller) {
  const std::string& agent = exchange->capture();
  if (!is_agent_id(exchange, agent)) return;
  auto named = parse_event_and_data(exchange->body());
  if (!named.ok()) {
    return exchange->refuse(named.error().kind == ErrorKind::kTooLarge ? 413 : 400, named.error().message);
  }
  const std::string_view shared = shared_channel_of(named->event);
  if (shared.empty()) {
    std::string expected;
    for (const std::string_view name : names::kAll) expected += (expected.empty() ? "" : ", ") + std::string(name);
    return exchange->refuse(400, "event: expected one of " + expected);
  }
  publish_agent_event(exchange, caller,
                      {.channels = {"agent-" + agent, std::string(shared)},
                       .name = std::move(named->event),
                       .data = std::move(named->data)});
}

}  // namespace fanfare::gateway
