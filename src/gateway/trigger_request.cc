#include "gateway/trigger_request.h"

#include <algorithm>

#include "gateway/count_info.h"
#include "json/json_reader.h"
#include "pusher/channel_name.h"
#include "pusher/event_name.h"
#include "pusher/limits.h"
#include "pusher/quote.h"
#include "pusher/socket_id.h"

namespace fanfare::gateway {
namespace {

using pusher::kLimits;
constexpr std::size_t kIdempotencyKeyBytesMax = 255;

Error wrong_type(std::string_view member, std::string_view expected, const json::Value* value) {
  if (value == nullptr) return invalid(std::string(member) + " is missing");
  return invalid(std::string(member) + ": expected " + std::string(expected) + ", found " +
                 std::string(json::describe(value->kind)));
}

const json::Value* present(const json::Reader& reader, std::string_view name) {
  const json::Value* value = reader.find(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Status check_channel(std::string_view channel) {
  if (channel.starts_with('#')) {
    return invalid("Invalid channel name: " + pusher::shortened(channel) +
                   " (users are sent to by …/users/<id>/events)");
  }
  const auto traits = pusher::parse_channel_name(channel);
  return traits.ok() ? Status() : Status(traits.error());
}

Result<std::string> read_name(const json::Reader& reader) {
  const json::Value* name = present(reader, "event");
  if (name == nullptr) name = present(reader, "name");
  if (name == nullptr || !name->is_string()) return wrong_type("event", "a string", name);
  if (name->text.empty()) return invalid("event: it is empty");
  if (pusher::has_more_chars_than(name->text, kLimits.event_name_chars_max)) {
    return invalid("event: it is " + std::to_string(pusher::count_chars(name->text)) + " characters, at most " +
                   std::to_string(kLimits.event_name_chars_max) + " are allowed");
  }
  if (pusher::is_reserved_event(name->text)) {
    return invalid("event: names that begin with pusher: or pusher_internal: are the protocol's own");
  }
  return std::string(name->text);
}

Result<std::string> read_data(const json::Reader& reader) {
  const json::Value* data = reader.find("data");
  if (data == nullptr) return invalid("data is missing");
  std::string text = data->is_string() ? std::string(data->text) : json::compact(data->raw);
  if (text.size() > kLimits.event_data_bytes_max) {
    return Error{ErrorKind::kTooLarge, "data: it is " + std::to_string(text.size()) + " bytes, at most " +
                                           std::to_string(kLimits.event_data_bytes_max) + " are allowed"};
  }
  return text;
}

Result<std::string> read_socket_id(const json::Reader& reader) {
  const json::Value* value = present(reader, "socket_id");
  if (value == nullptr) return std::string();
  if (!value->is_string()) return wrong_type("socket_id", "a string", value);
  if (!pusher::is_valid_socket_id(value->text)) return invalid("socket_id is not digits, a dot and digits");
  return std::string(value->text);
}

Result<sdk::CountInfo> read_info(const json::Reader& reader) {
  const json::Value* value = present(reader, "info");
  if (value == nullptr) return sdk::CountInfo();
  if (!value->is_string()) return wrong_type("info", "a string", value);
  return parse_count_info(value->text);
}

Result<std::vector<std::string>> read_channels(const json::Reader& reader, bool& had_channel) {
  const json::Value* list = present(reader, "channels");
  const json::Value* single = present(reader, "channel");
  std::vector<std::string> channels;
  if (list == nullptr) {
    if (single == nullptr || !single->is_string()) return wrong_type("channel", "a string", single);
    had_channel = true;
    channels.emplace_back(single->text);
  } else {
    if (single != nullptr) return invalid("expected channel or channels, found both");
    json::Reader elements;
    if (!list->is_array() || !elements.parse(list->raw).ok()) return wrong_type("channels", "an array", list);
    const std::size_t count = elements.elements().size();
    if (count == 0 || count > kLimits.publish_channels_max) {
      return invalid("channels: expected 1 to " + std::to_string(kLimits.publish_channels_max) + ", found " +
                     std::to_string(count));
    }
    for (const json::Value& element : elements.elements()) {
      if (!element.is_string()) return wrong_type("channels[]", "a string", &element);
      if (std::ranges::find(channels, element.text) == channels.end()) channels.emplace_back(element.text);
    }
  }
  for (const std::string& channel : channels) {
    if (Status status = check_channel(channel); !status.ok()) return status.error();
    const bool is_encrypted = pusher::channel_traits(channel).kind == pusher::ChannelKind::kPrivateEncrypted;
    if (is_encrypted && channels.size() > 1) {
      return invalid("an event of an encrypted channel goes to that channel alone: its text is for no other");
    }
  }
  return channels;
}

// Of one event that is read member by member: the first that is wrong.
template <typename Target, typename T>
Status take(Target& target, Result<T> value) {
  if (!value.ok()) return std::move(value).error();
  target = *std::move(value);
  return {};
}

Result<sdk::BatchEvent> read_batch_event(const json::Value& element) {
  json::Reader reader;
  if (!element.is_object() || !reader.parse_object(element.raw).ok()) {
    return invalid("expected an object, found " + std::string(json::describe(element.kind)));
  }
  sdk::BatchEvent event;
  const json::Value* channel = present(reader, "channel");
  if (channel == nullptr || !channel->is_string()) return wrong_type("channel", "a string", channel);
  event.channel = channel->text;
  Status status = check_channel(event.channel);
  if (status.ok()) status = take(event.name, read_name(reader));
  if (status.ok()) status = take(event.data, read_data(reader));
  if (status.ok()) status = take(event.socket_id, read_socket_id(reader));
  if (status.ok()) status = take(event.info, read_info(reader));
  if (!status.ok()) return status.error();
  return event;
}

}  // namespace

Result<TriggerRequest> parse_trigger(std::string_view body) {
  json::Reader reader;
  Status status = reader.parse_object(body);
  TriggerRequest request;
  if (status.ok()) status = take(request.event.channels, read_channels(reader, request.had_channel));
  if (status.ok()) status = take(request.event.name, read_name(reader));
  if (status.ok()) status = take(request.event.data, read_data(reader));
  if (status.ok()) status = take(request.event.socket_id, read_socket_id(reader));
  if (status.ok()) status = take(request.event.info, read_info(reader));
  if (!status.ok()) return status.error();
  return request;
}

Result<std::vector<sdk::BatchEvent>> parse_trigger_batch(std::string_view body) {
  json::Reader reader;
  if (Status status = reader.parse_object(body); !status.ok()) return status.error();
  const json::Value* list = present(reader, "batch");
  json::Reader elements;
  if (list == nullptr || !list->is_array() || !elements.parse(list->raw).ok()) {
    return wrong_type("batch", "an array", list);
  }
  const std::size_t count = elements.elements().size();
  if (count == 0 || count > kLimits.publish_batch_events_max) {
    return invalid("batch: expected 1 to " + std::to_string(kLimits.publish_batch_events_max) + " events, found " +
                   std::to_string(count));
  }
  std::vector<sdk::BatchEvent> events;
  for (const json::Value& element : elements.elements()) {
    auto event = read_batch_event(element);
    if (!event.ok()) {
      return Error{event.error().kind, "batch[" + std::to_string(events.size()) + "]: " + event.error().message};
    }
    events.push_back(*std::move(event));
  }
  return events;
}

Result<NamedData> parse_event_and_data(std::string_view body) {
  json::Reader reader;
  Status status = reader.parse_object(body);
  NamedData named;
  if (status.ok()) status = take(named.event, read_name(reader));
  if (status.ok()) status = take(named.data, read_data(reader));
  if (!status.ok()) return status.error();
  return named;
}

Status check_idempotency_key(std::string_view key) {
  const bool is_printable = std::ranges::all_of(key, [](char c) { return c > ' ' && c <= '~'; });
  if (is_printable && key.size() <= kIdempotencyKeyBytesMax) return {};
  return invalid("Idempotency-Key: expected at most " + std::to_string(kIdempotencyKeyBytesMax) +
                 " printable characters of ASCII");
}

}  // namespace fanfare::gateway
