#include "api/channel_handlers.h"

#include <utility>

#include "api/channel_info.h"
#include "core/queries.h"
#include "http/response.h"
#include "json/json_writer.h"
#include "pusher/channel_name.h"

namespace fanfare::api {

namespace {

std::string_view parameter(const QueryParameters& query, std::string_view name) {
  const std::string* found = find_parameter(query, name);
  return found == nullptr ? std::string_view{} : std::string_view(*found);
}

constexpr const char* kUserCountNeedsPresence =
    "Cannot retrieve the user count unless the channel is a presence channel";

// Fails: kInvalid for a name that no channel can have.
Result<pusher::ChannelTraits> traits_of(const core::App& app, std::string_view channel) {
  return pusher::parse_channel_name(channel, app.limits.channel_name_chars);
}

std::string channel_body(const core::ChannelAnswer& answer, const ChannelInfo& info, pusher::ChannelTraits traits) {
  std::string body;
  json::Writer writer(body);
  const bool occupied = answer.counts.subscription_count != 0;
  writer.begin_object().key("occupied").boolean(occupied);
  if (occupied) append_counts(writer, info, traits, answer.counts);
  if (info.cache) {
    writer.key("cache");
    if (answer.cached) {
      writer.begin_object().key("data").raw(answer.cached->data_token);
      writer.key("ttl").integer(answer.cached->ttl.count()).end_object();
    } else {
      writer.null();
    }
  }
  writer.end_object();
  return body;
}

// "users":[{"id":"7"},…]
void append_users(json::Writer& writer, const std::vector<std::string>& ids) {
  writer.key("users").begin_array();
  for (const std::string& id : ids) writer.begin_object().key("id").string(id).end_object();
  writer.end_array();
}

}  // namespace

void handle_channels(ApiContext& context, const Caller& caller, httpd::Responder responder) {
  const std::string extraneous = extraneous_parameters(caller.query, {"filter_by_prefix", "info"});
  if (!extraneous.empty()) return refuse(context, responder, invalid(extraneous));
  const std::string_view prefix = parameter(caller.query, "filter_by_prefix");
  const Result<ChannelInfo> info =
      parse_channel_info(parameter(caller.query, "info"), *caller.app, {.subscription_count = false, .cache = false});
  if (!info.ok()) return refuse(context, responder, info.error());
  if (info->user_count && !prefix.starts_with("presence-")) {
    return refuse(context, responder,
                  invalid(std::string(kUserCountNeedsPresence) + ": filter_by_prefix must begin with presence-"));
  }
  context.stats.queries.add();
  core::query_channels(
      context.core, caller.app->index, std::string(prefix),
      [&context, shared = share(std::move(responder)), wanted = *info](const std::vector<core::NamedCounts>& found) {
        std::string body;
        json::Writer writer(body);
        writer.begin_object().key("channels").begin_object();
        for (const core::NamedCounts& channel : found) {
          writer.key(channel.channel).begin_object();
          append_counts(writer, wanted, pusher::channel_traits(channel.channel), channel.counts);
          writer.end_object();
        }
        writer.end_object().end_object();
        respond_json(context, *shared, std::move(body));
      });
}

void handle_channel(ApiContext& context, const Caller& caller, std::string_view channel, httpd::Responder responder) {
  const Result<pusher::ChannelTraits> traits = traits_of(*caller.app, channel);
  if (!traits.ok()) return refuse(context, responder, traits.error());
  const std::string extraneous = extraneous_parameters(caller.query, {"info"});
  if (!extraneous.empty()) return refuse(context, responder, invalid(extraneous));
  const Result<ChannelInfo> info =
      parse_channel_info(parameter(caller.query, "info"), *caller.app, {.subscription_count = true, .cache = true});
  if (!info.ok()) return refuse(context, responder, info.error());
  if (info->user_count && !traits->has_members()) return refuse(context, responder, invalid(kUserCountNeedsPresence));
  if (info->cache && !traits->cached) {
    return refuse(context, responder, invalid("Cannot retrieve the cache unless the channel is a cache channel"));
  }
  context.stats.queries.add();
  core::query_channel(
      context.core, core::ChannelView(caller.app->index, channel),
      [&context, shared = share(std::move(responder)), wanted = *info, kind = *traits](
          const core::ChannelAnswer& answer) { respond_json(context, *shared, channel_body(answer, wanted, kind)); });
}

void handle_channel_users(ApiContext& context, const Caller& caller, std::string_view channel,
                          httpd::Responder responder) {
  const Result<pusher::ChannelTraits> traits = traits_of(*caller.app, channel);
  if (!traits.ok()) return refuse(context, responder, traits.error());
  const std::string extraneous = extraneous_parameters(caller.query, {});
  if (!extraneous.empty()) return refuse(context, responder, invalid(extraneous));
  if (!traits->has_members()) {
    return refuse(context, responder, invalid("Users can only be retrieved for presence channels"));
  }
  context.stats.queries.add();
  core::query_members(context.core, core::ChannelView(caller.app->index, channel),
                      [&context, shared = share(std::move(responder))](const std::vector<std::string>& ids) {
                        std::string body;
                        json::Writer writer(body);
                        writer.begin_object();
                        append_users(writer, ids);
                        writer.end_object();
                        respond_json(context, *shared, std::move(body));
                      });
}

void handle_users(ApiContext& context, const Caller& caller, httpd::Responder responder) {
  const std::string extraneous = extraneous_parameters(caller.query, {"info"});
  if (!extraneous.empty()) return refuse(context, responder, invalid(extraneous));
  const std::string_view info = parameter(caller.query, "info");
  if (!info.empty() && info != "ids") {
    return refuse(context, responder, invalid("Invalid info parameter: expected ids or nothing"));
  }
  context.stats.queries.add();
  core::query_users(
      context.core, caller.app->index,
      [&context, shared = share(std::move(responder)), with_ids = !info.empty()](const std::vector<std::string>& ids) {
        std::string body;
        json::Writer writer(body);
        writer.begin_object().key("user_count").integer(ids.size());
        if (with_ids) append_users(writer, ids);
        writer.end_object();
        respond_json(context, *shared, std::move(body));
      });
}

void handle_channel_stats(ApiContext& context, const core::AppRef& app, std::string_view channel,
                          httpd::Responder responder) {
  const Result<pusher::ChannelTraits> traits = traits_of(*app, channel);
  if (!traits.ok()) return refuse(context, responder, traits.error());
  context.stats.queries.add();
  core::query_channel(
      context.core, core::ChannelView(app->index, channel),
      [&context, shared = share(std::move(responder)), kind = *traits](const core::ChannelAnswer& answer) {
        std::string body;
        json::Writer writer(body);
        writer.begin_object().key("occupied").boolean(answer.counts.subscription_count != 0);
        if (kind.has_members()) writer.key("user_count").integer(answer.counts.user_count);
        writer.key("connection_count").integer(answer.counts.subscription_count).end_object();
        respond_json(context, *shared, std::move(body));
      });
}

void handle_terminate(ApiContext& context, const core::AppRef& app, std::string_view user_id,
                      httpd::Responder responder) {
  context.stats.commands.add();
  core::terminate_user(context.core, app->index, user_id);
  respond_empty_object(context, responder);
}

void handle_kick(ApiContext& context, const core::AppRef& app, std::string_view channel, std::string_view user_id,
                 httpd::Responder responder) {
  const Result<pusher::ChannelTraits> traits = traits_of(*app, channel);
  if (!traits.ok()) return refuse(context, responder, traits.error());
  context.stats.commands.add();
  core::kick_member(context.core, core::ChannelView(app->index, channel), user_id);
  respond_empty_object(context, responder);
}

}  // namespace fanfare::api
