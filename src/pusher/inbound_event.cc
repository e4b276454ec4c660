#include "pusher/inbound_event.h"

#include "json/json_reader.h"
#include "json/json_writer.h"
#include "pusher/event_name.h"
#include "pusher/quote.h"

namespace fanfare::pusher {
namespace {

// What the views of a decoded event point into.
struct Buffers {
  json::Reader envelope;
  json::Reader data;      // of a command
  std::string compacted;  // data of a client event that was not a string
};
thread_local Buffers buffers;

// The object that `data` is or holds, read into buffers.data; false if there is none.
bool read_command_data(const json::Value* data) {
  if (data == nullptr) return false;
  if (data->is_object()) return buffers.data.parse_object(data->raw).ok();
  return data->is_string() && buffers.data.parse_object(data->text).ok();
}

// The member `key` of a command's data; null if it is absent or JSON null.
const json::Value* member(std::string_view key) {
  const json::Value* value = buffers.data.find(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

Error missing(std::string_view parameter) { return invalid("Missing parameter: " + std::string(parameter)); }

Result<InboundEvent> decode_subscribe(const json::Value* data) {
  if (!read_command_data(data)) return missing("data.channel");
  const json::Value* channel = member("channel");
  if (channel == nullptr || !channel->is_string()) return missing("data.channel");
  SubscribeCommand command{.channel = channel->text, .auth = std::nullopt, .channel_data = std::nullopt};
  if (const json::Value* auth = member("auth")) {
    if (!auth->is_string()) return invalid("Invalid format: auth must have the format key:signature");
    command.auth = auth->text;
  }
  if (const json::Value* channel_data = member("channel_data")) {
    if (!channel_data->is_string()) {
      return invalid("Invalid channel_data: must be valid JSON with a user_id, as a string (found " +
                     std::string(json::describe(channel_data->kind)) + ")");
    }
    command.channel_data = channel_data->text;
  }
  return InboundEvent(command);
}

Result<InboundEvent> decode_unsubscribe(const json::Value* data) {
  if (!read_command_data(data)) return missing("data.channel");
  const json::Value* channel = member("channel");
  if (channel == nullptr || !channel->is_string()) return missing("data.channel");
  return InboundEvent(UnsubscribeCommand{channel->text});
}

Result<InboundEvent> decode_signin(const json::Value* data) {
  if (!read_command_data(data)) return missing("data.auth");
  const json::Value* auth = member("auth");
  if (auth == nullptr) return missing("data.auth");
  if (!auth->is_string()) return invalid("Invalid format: auth must have the format key:signature");
  const json::Value* user_data = member("user_data");
  if (user_data == nullptr || !user_data->is_string()) return missing("data.user_data");
  return InboundEvent(SigninCommand{.auth = auth->text, .user_data = user_data->text});
}

Result<InboundEvent> decode_client_event(const json::Value& event) {
  const json::Value* channel = buffers.envelope.find("channel");
  const json::Value* data = buffers.envelope.find("data");
  if (channel == nullptr || !channel->is_string() || data == nullptr) {
    return invalid("Invalid client event (must contain channel and data)");
  }
  ClientEvent decoded{.event = event.text,
                      .event_token = event.raw,
                      .channel = channel->text,
                      .data = {.token = data->raw, .text = data->text, .is_string = data->is_string()}};
  if (!decoded.data.is_string) {
    buffers.compacted.clear();
    json::append_compact(buffers.compacted, data->raw);
    decoded.data.text = buffers.compacted;
  }
  return InboundEvent(decoded);
}

}  // namespace

Result<InboundEvent> decode_inbound_event(std::string_view message) {
  if (Status status = buffers.envelope.parse_object(message); !status.ok()) {
    return invalid("Invalid event: " + status.error().message);
  }
  const json::Value* event = buffers.envelope.find("event");
  if (event == nullptr) return missing("event");
  if (!event->is_string()) {
    return invalid("Invalid event: expected a string in event, found " + std::string(json::describe(event->kind)));
  }
  const std::string_view name = event->text;
  if (is_client_event(name)) return decode_client_event(*event);
  const json::Value* data = buffers.envelope.find("data");
  if (name == "pusher:ping") return InboundEvent(PingCommand{});
  if (name == "pusher:pong") return InboundEvent(PongCommand{});
  if (name == "pusher:subscribe") return decode_subscribe(data);
  if (name == "pusher:unsubscribe") return decode_unsubscribe(data);
  if (name == "pusher:signin") return decode_signin(data);
  return InboundEvent(UnknownEvent{name});
}

void append_data_token(std::string& out, const EventData& data, bool keep_objects) {
  if (data.is_string) {
    out += data.token;
  } else if (keep_objects) {
    out += data.text;
  } else {
    json::append_string(out, data.text);
  }
}

std::string unsupported_event_message(std::string_view event) {
  return "Unsupported event received on socket: " + shortened(event);
}

}  // namespace fanfare::pusher
