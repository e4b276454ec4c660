#include "api/publish_request.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "json/json_writer.h"
#include "pusher/channel_name.h"
#include "pusher/event_name.h"
#include "pusher/socket_id.h"

namespace fanfare::api {

namespace {

const std::string* find_parameter(const QueryParameters& query, std::string_view name) {
  for (const auto& [key, value] : query) {
    if (key == name) return &value;
  }
  return nullptr;
}

Error not_a_string(std::string_view parameter, const json::Value* member) {
  std::string text = "Expected " + std::string(parameter) + " parameter to be a string";
  text += member == nullptr ? ", but it is missing" : ", found " + std::string(json::describe(member->kind));
  return invalid(std::move(text));
}

// Makes a JSON token of text that came outside JSON and so may be no UTF-8.
Status make_token(std::string& token, std::string_view text, std::string_view parameter) {
  thread_local json::Reader checker;
  token.clear();
  json::append_string(token, text);
  if (checker.parse(token).ok()) return {};
  return invalid("Expected " + std::string(parameter) + " parameter to be UTF-8 text");
}

// A string member, else the query's parameter, else nothing. Any other kind of member fails.
Result<std::optional<std::string_view>> optional_text(const json::Reader& body, const QueryParameters& query,
                                                      std::string_view name) {
  const json::Value* member = body.find(name);
  if (member != nullptr && !member->is_null()) {
    if (!member->is_string()) return not_a_string(name, member);
    return std::optional(member->text);
  }
  if (const std::string* parameter = find_parameter(query, name)) return std::optional(std::string_view(*parameter));
  return std::optional<std::string_view>{};
}

}  // namespace

Status PublishParser::read_name(Event& event, const json::Value* member, const std::string* parameter,
                                const core::App& app) {
  std::string_view name;
  if (member != nullptr) {
    if (!member->is_string()) return not_a_string("name", member);
    name = member->text;
    event.request.event.name = member->raw;
  } else if (parameter != nullptr) {
    name = *parameter;
    if (Status made = make_token(event.name_token, name, "name"); !made.ok()) return made;
    event.request.event.name = event.name_token;
  } else {
    return not_a_string("name", nullptr);
  }
  if (name.empty()) return invalid("Expected name parameter to be a string of at least one character");
  const std::size_t chars = pusher::count_chars(name);
  if (chars > app.limits.event_name_chars) {
    return invalid("The event name has " + std::to_string(chars) + " characters, at most " +
                   std::to_string(app.limits.event_name_chars) + " are allowed");
  }
  if (pusher::is_reserved_event(name)) {
    return invalid("Invalid event name: the prefixes pusher: and pusher_internal: are reserved");
  }
  return {};
}

Status PublishParser::read_data(Event& event, const json::Value* member, const std::string* parameter,
                                const core::App& app) {
  std::size_t bytes = 0;
  if (member != nullptr && member->is_string()) {
    bytes = member->text.size();
    event.request.event.data = member->raw;
  } else if (member != nullptr && !member->is_null()) {
    // SDKs always send a string; whoever does not is understood, and its subscribers get the string that it meant.
    const std::string compact = json::compact(member->raw);
    bytes = compact.size();
    event.data_token.clear();
    json::append_string(event.data_token, compact);
    event.request.event.data = event.data_token;
  } else if (parameter != nullptr) {
    bytes = parameter->size();
    if (Status made = make_token(event.data_token, *parameter, "data"); !made.ok()) return made;
    event.request.event.data = event.data_token;
  } else {
    return not_a_string("data", member);
  }
  const std::size_t most = app.limits.event_data_bytes;
  if (most != 0 && bytes > most) {
    return Error{
        ErrorKind::kTooLarge,
        "The data content of this event exceeds the allowed maximum (" + std::to_string(most) +
            " bytes). See https://pusher.com/docs/channels/server_api/http-api#publishing-events for more info. "
            "Found " +
            std::to_string(bytes) + " bytes"};
  }
  return {};
}

Status PublishParser::add_channel(PublishRequest& request, std::string_view channel, const core::App& app) {
  const Result<pusher::ChannelTraits> traits = pusher::parse_channel_name(channel, app.limits.channel_name_chars);
  if (!traits.ok()) return traits.error();
  if (std::find(request.channels.begin(), request.channels.end(), channel) == request.channels.end()) {
    request.channels.push_back(channel);
  }
  return {};
}

Status PublishParser::read_channels(Event& event, const QueryParameters& query, Shape shape, const core::App& app) {
  PublishRequest& request = event.request;
  const json::Value* list = shape == Shape::kSingle ? event.body.find("channels") : nullptr;
  const json::Value* one = event.body.find("channel");
  if (list != nullptr && !list->is_null()) {
    if (!list->is_array())
      return invalid("Expected channels parameter to be an array, found " + std::string(json::describe(list->kind)));
    if (Status parsed = event.channels.parse(list->raw); !parsed.ok()) return parsed;
    const std::size_t count = event.channels.elements().size();
    if (count > app.limits.publish_channels) {
      return invalid("An event can be published to at most " + std::to_string(app.limits.publish_channels) +
                     " channels at once, found " + std::to_string(count));
    }
    for (const json::Value& element : event.channels.elements()) {
      if (!element.is_string()) return not_a_string("channels[]", &element);
      if (Status added = add_channel(request, element.text, app); !added.ok()) return added;
    }
  } else if (one != nullptr && !one->is_null()) {
    if (!one->is_string()) return not_a_string("channel", one);
    return add_channel(request, one->text, app);
  } else {
    for (const auto& [key, value] : query) {
      if (key != "channel" && key != "channels[]" && key != "channels") continue;
      if (Status added = add_channel(request, value, app); !added.ok()) return added;
      if (request.channels.size() > app.limits.publish_channels) {
        return invalid("An event can be published to at most " + std::to_string(app.limits.publish_channels) +
                       " channels at once");
      }
    }
  }
  if (request.channels.empty()) {
    return invalid(shape == Shape::kSingle ? "Missing required parameter: channels (or channel)"
                                           : "Missing required parameter: channel");
  }
  return {};
}

Status PublishParser::read_rest(Event& event, const QueryParameters& query, const core::App& app) {
  const auto socket_id = optional_text(event.body, query, "socket_id");
  if (!socket_id.ok()) return socket_id.error();
  if (socket_id->has_value()) {
    if (!pusher::is_valid_socket_id(**socket_id)) {
      return invalid("Invalid socket id " + std::string((*socket_id)->substr(0, 64)) + R"(: expected \A\d+\.\d+\z)");
    }
    // One that is well-formed and not ours excludes nobody.
    if (const auto id = pusher::parse_socket_id(**socket_id)) event.request.except = core::ConnectionRef(*id);
  }
  const auto info = optional_text(event.body, query, "info");
  if (!info.ok()) return info.error();
  if (!info->has_value()) return {};
  const Result<ChannelInfo> parsed = parse_channel_info(**info, app, {.subscription_count = true, .cache = false});
  if (!parsed.ok()) return parsed.error();
  event.request.info = *parsed;
  return {};
}

Status PublishParser::read_event(Event& event, std::string_view body, const QueryParameters& query, Shape shape,
                                 const core::App& app) {
  event.request = PublishRequest{};
  // Parameters may all be in the query; then there is no body.
  const std::string_view document = body.empty() ? std::string_view("{}") : body;
  if (Status parsed = event.body.parse_object(document); !parsed.ok()) return parsed;
  Status status = read_name(event, event.body.find("name"), find_parameter(query, "name"), app);
  if (status.ok()) status = read_data(event, event.body.find("data"), find_parameter(query, "data"), app);
  if (status.ok()) status = read_channels(event, query, shape, app);
  if (status.ok()) status = read_rest(event, query, app);
  return status;
}

Result<const PublishRequest*> PublishParser::parse_event(std::string_view body, const QueryParameters& query,
                                                         const core::App& app) {
  if (Status status = read_event(single_, body, query, Shape::kSingle, app); !status.ok()) return status.error();
  return &single_.request;
}

Result<const std::vector<PublishRequest>*> PublishParser::parse_batch(std::string_view body, const core::App& app) {
  if (Status parsed = batch_.parse_object(body.empty() ? std::string_view("{}") : body); !parsed.ok())
    return parsed.error();
  const json::Value* list = batch_.find("batch");
  if (list == nullptr || !list->is_array()) return invalid("Expected batch parameter to be an array of events");
  if (Status parsed = batch_elements_.parse(list->raw); !parsed.ok()) return parsed.error();
  const std::size_t count = batch_elements_.elements().size();
  if (count > app.limits.publish_batch_events) {
    return invalid("Batch too large (" + std::to_string(count) + " > " +
                   std::to_string(app.limits.publish_batch_events) + ")");
  }
  while (events_.size() < count) events_.push_back(std::make_unique<Event>());
  requests_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    const json::Value& element = batch_elements_.elements()[i];
    Status status = element.is_object()
                        ? read_event(*events_[i], element.raw, {}, Shape::kInBatch, app)
                        : Status(invalid("Expected an object, found " + std::string(json::describe(element.kind))));
    if (!status.ok()) {
      return Error{status.error().kind, status.error().message + " (batch[" + std::to_string(i) + "])"};
    }
    requests_.push_back(events_[i]->request);
  }
  return &requests_;
}

Result<const PublishRequest*> PublishParser::parse_legacy(std::string_view channel, std::string_view data,
                                                          const QueryParameters& query, const core::App& app) {
  Event& event = single_;
  event.request = PublishRequest{};
  const std::string text(data);
  if (Status status = event.body.parse_object("{}"); !status.ok()) return status.error();
  Status status = read_name(event, nullptr, find_parameter(query, "name"), app);
  if (status.ok()) status = read_data(event, nullptr, &text, app);
  if (status.ok()) status = add_channel(event.request, channel, app);
  if (status.ok()) status = read_rest(event, query, app);
  if (!status.ok()) return status.error();
  return &event.request;
}

}  // namespace fanfare::api
