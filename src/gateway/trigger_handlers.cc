#include "gateway/trigger_handlers.h"

#include "gateway/backend_error.h"
#include "gateway/publishing.h"
#include "gateway/trigger_request.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"

namespace fanfare::gateway {
namespace {

int status_of(const Error& error) { return error.kind == ErrorKind::kTooLarge ? 413 : 400; }

void write_counts(json::Writer& writer, const sdk::ChannelCounts& counts) {
  writer.begin_object();
  if (counts.user_count) writer.key("user_count").integer(*counts.user_count);
  if (counts.subscription_count) writer.key("subscription_count").integer(*counts.subscription_count);
  writer.end_object();
}

std::string trigger_body(const sdk::Event& event, bool had_channel, const sdk::TriggerAnswer& answer) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("success").boolean(true).key("channels").begin_array();
  for (const std::string& channel : event.channels) writer.string(channel);
  writer.end_array().key("event").string(event.name);
  if (had_channel) writer.key("channel").string(event.channels.front());
  if (!answer.channels.empty()) {
    writer.key("info").begin_object();
    for (const auto& [channel, counts] : answer.channels) {
      writer.key(channel);
      write_counts(writer, counts);
    }
    writer.end_object();
  }
  writer.end_object();
  return body;
}

std::string batch_body(const std::vector<sdk::BatchEvent>& events, const sdk::BatchAnswer& answer) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("success").boolean(true).key("batch").begin_array();
  for (std::size_t i = 0; i < events.size(); ++i) {
    writer.begin_object().key("channel").string(events[i].channel).key("event").string(events[i].name);
    if (i < answer.events.size()) {
      writer.key("info");
      write_counts(writer, answer.events[i]);
    }
    writer.end_object();
  }
  writer.end_array().end_object();
  return body;
}

// Whether the id can stand in a channel's name; else answered.
bool is_channel_part(const ExchangeRef& exchange, const std::string& user_id) {
  if (!user_id.starts_with('#') && pusher::is_valid_channel_name("private-user-" + user_id)) return true;
  exchange->refuse(400,
                   "user_id: expected what can stand in a channel's name, 1 to 151 characters of A-Za-z0-9_-=@,.;");
  return false;
}

}  // namespace

void handle_trigger(const ExchangeRef& exchange, const Caller& caller) {
  auto request = parse_trigger(exchange->body());
  if (!request.ok()) return exchange->refuse(status_of(request.error()), request.error().message);
  if (!may_trigger(exchange, caller, request->event.channels)) return;
  publish(exchange, request->event,
          [event = request->event, had_channel = request->had_channel](const sdk::TriggerAnswer& answer) {
            return trigger_body(event, had_channel, answer);
          });
}

void handle_trigger_batch(const ExchangeRef& exchange, const Caller& caller) {
  GatewayContext& context = exchange->context();
  auto events = parse_trigger_batch(exchange->body());
  if (!events.ok()) return exchange->refuse(status_of(events.error()), events.error().message);
  std::vector<std::string> channels;
  for (const sdk::BatchEvent& event : *events) channels.push_back(event.channel);
  if (!may_trigger(exchange, caller, channels)) return;
  if (Status status = check_idempotency_key(exchange->idempotency_key()); !status.ok()) {
    return exchange->refuse(400, status.error().message);
  }
  if (answer_skipped(exchange)) return;
  context.backend.publish_batch(*events, exchange->idempotency_key(),
                                [exchange, events = *events](const sdk::Result<sdk::BatchAnswer>& answer) {
                                  GatewayStats& stats = exchange->context().stats;
                                  if (!answer.ok()) {
                                    stats.publishes_failed.add();
                                    return refuse_for(exchange, answer.error());
                                  }
                                  stats.events_published.add(events.size());
                                  exchange->answer(batch_body(events, *answer));
                                });
}

void handle_user_events(const ExchangeRef& exchange, const Caller& caller) {
  const std::string user_id = exchange->capture();
  if (!is_channel_part(exchange, user_id)) return;
  auto named = parse_event_and_data(exchange->body());
  if (!named.ok()) return exchange->refuse(status_of(named.error()), named.error().message);
  const std::string channel = "private-user-" + user_id;
  if (!may_trigger(exchange, caller, {channel})) return;
  sdk::Event event{
      .channels = {pusher::server_to_user_channel(user_id), channel}, .name = named->event, .data = named->data};
  publish(exchange, std::move(event), [user_id, channel, name = named->event](const sdk::TriggerAnswer&) {
    std::string body;
    json::Writer writer(body);
    writer.begin_object().key("success").boolean(true).key("user_id").string(user_id).key("event").string(name);
    writer.key("channels").begin_array().string(channel).end_array().end_object();
    return body;
  });
}

void handle_user_terminate(const ExchangeRef& exchange, const Caller& caller) {
  GatewayContext& context = exchange->context();
  const std::string user_id = exchange->capture();
  if (!is_channel_part(exchange, user_id)) return;
  const access::RoleSet& roles = context.access->roles();
  const std::string& highest = roles.ordered().back();
  const bool is_allowed = caller.subject.user_id == user_id || roles.is_service(caller.subject.role) ||
                          roles.covers(caller.subject.role, highest);
  if (!is_allowed) {
    context.stats.forbidden.add();
    return exchange->refuse(403, "needs role " + highest + " or to be that user");
  }
  if (answer_skipped(exchange)) return;
  context.backend.terminate_user(user_id, [exchange, user_id](const sdk::Result<void>& done) {
    if (!done.ok()) return refuse_for(exchange, done.error());
    std::string body;
    json::Writer(body).begin_object().key("success").boolean(true).key("user_id").string(user_id).end_object();
    exchange->answer(body);
  });
}

}  // namespace fanfare::gateway
