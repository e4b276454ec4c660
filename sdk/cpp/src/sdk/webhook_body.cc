#include "sdk/webhook_body.h"

#include "json/json_reader.h"
#include "pusher/quote.h"
#include "sdk/conversion.h"

namespace fanfare::sdk {
namespace {

// The year 2255: beyond it a system_clock in nanoseconds ends.
constexpr std::int64_t kTimeMsMax = 9'000'000'000'000;

// A member as text: a string's content, of everything else its JSON. Some servers send client events' data as objects.
std::optional<std::string> text_member(const json::Reader& event, std::string_view name) {
  const json::Value* value = event.find(name);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return value->is_string() ? std::string(value->text) : json::compact(value->raw);
}

std::optional<std::string> string_member(const json::Reader& event, std::string_view name) {
  const json::Value* value = event.find(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->text);
}

std::optional<WebhookEvent> client_event(const json::Reader& event, std::string channel) {
  std::optional<std::string> name = string_member(event, "event");
  std::optional<std::string> socket_id = string_member(event, "socket_id");
  if (!name || !socket_id) return std::nullopt;
  return ClientEvent{.channel = std::move(channel),
                     .event = *std::move(name),
                     .data = text_member(event, "data").value_or(""),
                     .socket_id = *std::move(socket_id),
                     .user_id = text_member(event, "user_id")};
}

std::optional<WebhookEvent> subscription_count(const json::Reader& event, std::string channel) {
  const json::Value* value = event.find("subscription_count");
  const std::optional<std::int64_t> count = value == nullptr ? std::nullopt : value->integer();
  if (!count || *count < 0) return std::nullopt;
  return SubscriptionCount{.channel = std::move(channel), .subscription_count = static_cast<std::uint64_t>(*count)};
}

// Empty: not a kind that we know, or without what its kind has.
std::optional<WebhookEvent> typed_event(const json::Reader& event, std::string_view name) {
  std::optional<std::string> channel = string_member(event, "channel");
  if (!channel) return std::nullopt;
  if (name == "channel_occupied") return ChannelOccupied{*std::move(channel)};
  if (name == "channel_vacated") return ChannelVacated{*std::move(channel)};
  if (name == "cache_miss") return CacheMiss{*std::move(channel)};
  if (name == "client_event") return client_event(event, *std::move(channel));
  if (name == "subscription_count") return subscription_count(event, *std::move(channel));
  if (name != "member_added" && name != "member_removed") return std::nullopt;
  std::optional<std::string> user_id = text_member(event, "user_id");
  if (!user_id) return std::nullopt;
  if (name == "member_added") return MemberAdded{*std::move(channel), *std::move(user_id)};
  return MemberRemoved{*std::move(channel), *std::move(user_id)};
}

}  // namespace

Result<Webhook> parse_webhook_body(std::string_view body) {
  json::Reader root;
  if (fanfare::Status read = root.parse_object(body); !read.ok()) {
    return refused("the webhook's body: " + read.error().message);
  }
  const json::Value* time_ms = root.find("time_ms");
  const std::optional<std::int64_t> time = time_ms == nullptr ? std::nullopt : time_ms->integer();
  if (!time || *time < 0 || *time > kTimeMsMax) {
    return refused("the webhook's body: expected time_ms, milliseconds since 1970");
  }
  const json::Value* events = root.find("events");
  if (events == nullptr || !events->is_array()) return refused("the webhook's body: expected an array of events");

  Webhook webhook{.time_ms = *time};
  json::Reader list;
  if (fanfare::Status read = list.parse(events->raw); !read.ok()) {
    return refused("the webhook's events: " + read.error().message);
  }
  json::Reader event;
  for (const json::Value& element : list.elements()) {
    if (!event.parse_object(element.raw).ok()) return refused("the webhook's body: an event is not an object");
    const std::optional<std::string> name = string_member(event, "name");
    if (!name) return refused("the webhook's body: an event has no name");
    std::optional<WebhookEvent> typed = typed_event(event, *name);
    webhook.events.push_back(typed ? *std::move(typed)
                                   : WebhookEvent(UnknownWebhookEvent{*name, json::compact(element.raw)}));
  }
  return webhook;
}

}  // namespace fanfare::sdk
