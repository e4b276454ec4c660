#include "sdk/publish_body.h"

#include <algorithm>

#include "fanfare/names.h"
#include "json/json_writer.h"
#include "pusher/quote.h"
#include "sdk/conversion.h"
#include "sdk/text.h"

namespace fanfare::sdk {
namespace {

constexpr std::size_t kIdempotencyKeyBytesMax = 255;  // docs/http_api.md

std::string info_text(const CountInfo& info) {
  std::string text;
  if (info.user_count) text += "user_count";
  if (info.subscription_count) text += text.empty() ? "subscription_count" : ",subscription_count";
  return text;
}

Status check_event(std::string_view name, std::string_view data, std::string_view socket_id, const Limits& limits) {
  if (Status checked = check_event_name(name, limits); !checked.ok()) return checked;
  if (!is_utf8(data)) return refused("the event's data is not valid UTF-8");
  if (socket_id.empty()) return {};
  return check_socket_id(socket_id);
}

// `data` as it is sent on `channel`, within its bound.
Result<std::string> sent_data(std::string_view channel, const std::string& data, const Limits& limits,
                              const MasterKey* master_key) {
  std::string sent = data;
  const bool is_encrypted = is_encrypted_channel(channel);
  if (is_encrypted) {
    if (master_key == nullptr) {
      return refused("an encryption master key is needed to publish to " + pusher::shortened(channel));
    }
    Result<std::string> sealed = master_key->encrypt(channel, data);
    if (!sealed.ok()) return sealed;
    sent = *std::move(sealed);
  }
  if (sent.size() > limits.event_data_bytes_max) {
    return refused("the event's data is " + std::to_string(sent.size()) + " bytes" +
                   (is_encrypted ? " after encryption" : "") + ", at most " +
                   std::to_string(limits.event_data_bytes_max));
  }
  return sent;
}

Status check_channels(const std::vector<std::string>& channels, const Limits& limits) {
  if (channels.empty()) return refused("the event has no channel");
  if (channels.size() > limits.publish_channels_max) {
    return refused("the event has " + std::to_string(channels.size()) + " channels, at most " +
                   std::to_string(limits.publish_channels_max));
  }
  for (const std::string& channel : channels) {
    if (Status checked = check_channel_name(channel, limits); !checked.ok()) return checked;
    if (channels.size() > 1 && is_encrypted_channel(channel)) {
      return refused("an event goes to an encrypted channel alone, not to " + pusher::shortened(channel) +
                     " among others: use trigger_batch()");
    }
  }
  return {};
}

void write_rest(json::Writer& json, std::string_view socket_id, const CountInfo& info) {
  if (!socket_id.empty()) json.key("socket_id").string(socket_id);
  if (const std::string text = info_text(info); !text.empty()) json.key("info").string(text);
}

Status write_batch_event(json::Writer& json, const BatchEvent& event, const Limits& limits,
                         const MasterKey* master_key) {
  if (Status checked = check_channel_name(event.channel, limits); !checked.ok()) return checked;
  if (Status checked = check_event(event.name, event.data, event.socket_id, limits); !checked.ok()) return checked;
  Result<std::string> data = sent_data(event.channel, event.data, limits, master_key);
  if (!data.ok()) return std::move(data).error();
  json.begin_object().key("name").string(event.name).key("channel").string(event.channel).key("data").string(*data);
  write_rest(json, event.socket_id, event.info);
  json.end_object();
  return {};
}

}  // namespace

Result<std::string> event_body(const Event& event, const Limits& limits, const MasterKey* master_key) {
  if (Status checked = check_channels(event.channels, limits); !checked.ok()) return std::move(checked).error();
  if (Status checked = check_event(event.name, event.data, event.socket_id, limits); !checked.ok()) {
    return std::move(checked).error();
  }
  Result<std::string> data = sent_data(event.channels.front(), event.data, limits, master_key);
  if (!data.ok()) return data;
  std::string body;
  json::Writer json(body);
  json.begin_object().key("name").string(event.name).key("channels").begin_array();
  for (const std::string& channel : event.channels) json.string(channel);
  json.end_array().key("data").string(*data);
  write_rest(json, event.socket_id, event.info);
  json.end_object();
  return body;
}

Result<std::string> batch_body(std::span<const BatchEvent> events, const Limits& limits, const MasterKey* master_key) {
  if (events.empty()) return refused("the batch holds no event");
  if (events.size() > limits.publish_batch_events_max) {
    return refused("the batch holds " + std::to_string(events.size()) + " events, at most " +
                   std::to_string(limits.publish_batch_events_max));
  }
  std::string body;
  json::Writer json(body);
  json.begin_object().key("batch").begin_array();
  for (std::size_t i = 0; i < events.size(); ++i) {
    Status written = write_batch_event(json, events[i], limits, master_key);
    if (!written.ok()) return refused("batch[" + std::to_string(i) + "]: " + written.error().message);
  }
  json.end_array().end_object();
  return body;
}

Status check_idempotency_key(std::string_view key) {
  const bool is_printable = std::all_of(key.begin(), key.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  if (key.size() <= kIdempotencyKeyBytesMax && is_printable) return {};
  return refused("the idempotency key: expected at most 255 bytes of printable ASCII");
}

}  // namespace fanfare::sdk
