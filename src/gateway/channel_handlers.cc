#include "gateway/channel_handlers.h"

#include "gateway/backend_error.h"
#include "gateway/count_info.h"
#include "http/query.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"

namespace fanfare::gateway {
namespace {

std::string parameter(const ExchangeRef& exchange, std::string_view name) {
  return http::query_parameter(exchange->query(), name).value_or(std::string());
}

// Whether the caller may know of the channel that the path names; else answered.
bool may_know(const ExchangeRef& exchange, const Caller& caller) {
  const std::string& channel = exchange->capture();
  if (auto traits = pusher::parse_channel_name(channel); !traits.ok()) {
    exchange->refuse(400, traits.error().message);
    return false;
  }
  GatewayContext& context = exchange->context();
  const access::Decision decision = context.access->decide(access::Action::kSubscribe, caller.subject, channel);
  if (decision.allowed) return true;
  context.stats.forbidden.add();
  exchange->refuse(403, decision.reason);
  return false;
}

std::string channels_body(const GatewayContext& context, const access::Subject& subject,
                          const sdk::ChannelsAnswer& channels) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("channels").begin_object();
  for (const auto& [name, counts] : channels) {
    if (!context.access->decide(access::Action::kSubscribe, subject, name).allowed) continue;
    writer.key(name).begin_object();
    if (counts.user_count) writer.key("user_count").integer(*counts.user_count);
    writer.end_object();
  }
  writer.end_object().end_object();
  return body;
}

std::string channel_body(const std::string& name, const sdk::ChannelAnswer& answer) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("channel").string(name).key("occupied").boolean(answer.occupied);
  if (answer.user_count) writer.key("user_count").integer(*answer.user_count);
  if (answer.subscription_count) writer.key("subscription_count").integer(*answer.subscription_count);
  writer.end_object();
  return body;
}

std::string presence_body(const std::string& name, const std::vector<std::string>& users) {
  std::string body;
  json::Writer writer(body);
  writer.begin_object().key("channel").string(name).key("count").integer(users.size()).key("users").begin_array();
  for (const std::string& id : users) writer.begin_object().key("id").string(id).end_object();
  writer.end_array().end_object();
  return body;
}

}  // namespace

void handle_channels(const ExchangeRef& exchange, const Caller& caller) {
  const auto info = parse_count_info(parameter(exchange, "info"));
  if (!info.ok()) return exchange->refuse(400, info.error().message);
  if (info->subscription_count) {
    return exchange->refuse(400, "info: subscription_count is for one channel, …/channels/<name>");
  }
  sdk::ChannelsQuery query{.prefix = parameter(exchange, "filter_by_prefix"), .user_count = info->user_count};
  if (query.user_count && !query.prefix.starts_with("presence-")) {
    return exchange->refuse(400, "info: user_count needs a filter_by_prefix that begins with presence-");
  }
  exchange->context().backend.channels(
      std::move(query), [exchange, subject = caller.subject](const sdk::Result<sdk::ChannelsAnswer>& channels) {
        if (!channels.ok()) return refuse_for(exchange, channels.error());
        exchange->answer(channels_body(exchange->context(), subject, *channels));
      });
}

void handle_channel(const ExchangeRef& exchange, const Caller& caller) {
  if (!may_know(exchange, caller)) return;
  const auto info = parse_count_info(parameter(exchange, "info"));
  if (!info.ok()) return exchange->refuse(400, info.error().message);
  const bool has_members = pusher::channel_traits(exchange->capture()).has_members();
  if (info->user_count && !has_members) {
    return exchange->refuse(400, "info: only presence channels have a user_count");
  }
  exchange->context().backend.channel(exchange->capture(),
                                      {.user_count = has_members, .subscription_count = info->subscription_count},
                                      [exchange](const sdk::Result<sdk::ChannelAnswer>& answer) {
                                        if (!answer.ok()) return refuse_for(exchange, answer.error());
                                        exchange->answer(channel_body(exchange->capture(), *answer));
                                      });
}

void handle_presence(const ExchangeRef& exchange, const Caller& caller) {
  if (!may_know(exchange, caller)) return;
  if (!pusher::channel_traits(exchange->capture()).has_members()) {
    return exchange->refuse(400, "only presence channels have members; their names begin with presence-");
  }
  exchange->context().backend.members(exchange->capture(),
                                      [exchange](const sdk::Result<std::vector<std::string>>& users) {
                                        if (!users.ok()) return refuse_for(exchange, users.error());
                                        exchange->answer(presence_body(exchange->capture(), *users));
                                      });
}

}  // namespace fanfare::gateway
