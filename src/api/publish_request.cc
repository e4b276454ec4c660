#include "api/publish_request.h"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "json/json_writer.h"
#include "pusher/channel_name.h"
#include "pusher/event_name.h"
#include "pusher/socket_id.h"

namespace fanfare::api {

namespace {

// How deep the bodies are read: {"channels":["a"]}, {"batch":[{"name":"e"}]}.
constexpr std::size_t kEventDepth = 2;
constexpr std::size_t kBatchDepth = 3;

// Parameters may all be in the query; then there is no body.
json::Input or_empty_object(const json::Input& body) { return body.is_empty() ? json::Input("{}") : body; }

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
Result<std::optional<std::string_view>> optional_text(const json::Value* member, const QueryParameters& query,
                                                      std::string_view name) {
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
  if (pusher::has_more_chars_than(name, app.limits.event_name_chars)) {
    return invalid("The event name has " + std::to_string(pusher::count_chars(name)) + " characters, at most " +
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

Status PublishParser::read_channels(Event& event, const json::Value& object, const QueryParameters& query, Shape shape,
                                    const core::App& app) {
  PublishRequest& request = event.request;
  const json::Value* list = shape == Shape::kSingle ? body_.find(object, "channels") : nullptr;
  const json::Value* one = body_.find(object, "channel");
  if (list != nullptr && !list->is_null()) {
    if (!list->is_array())
      return invalid("Expected channels parameter to be an array, found " + std::string(json::describe(list->kind)));
    const std::span<const json::Value> channels = body_.elements(*list);
    if (channels.size() > app.limits.publish_channels) {
      return invalid("An event can be published to at most " + std::to_string(app.limits.publish_channels) +
                     " channels at once, found " + std::to_string(channels.size()));
    }
    for (const json::Value& element : channels) {
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

Status PublishParser::read_rest(Event& event, const json::Value& object, const QueryParameters& query,
                                const core::App& app) {
  const auto socket_id = optional_text(body_.find(object, "socket_id"), query, "socket_id");
  if (!socket_id.ok()) return socket_id.error();
  if (socket_id->has_value()) {
    if (!pusher::is_valid_socket_id(**socket_id)) {
      return invalid("Invalid socket id " + std::string((*socket_id)->substr(0, 64)) + R"(: expected \A\d+\.\d+\z)");
    }
    // One that is well-formed and not ours excludes nobody.
    if (const auto id = pusher::parse_socket_id(**socket_id)) event.request.except = core::ConnectionRef(*id);
  }
  const auto info = optional_text(body_.find(object, "info"), query, "info");
  if (!info.ok()) return info.error();
  if (!info->has_value()) return {};
  const Result<ChannelInfo> parsed = parse_channel_info(**info, app, {.subscription_count = true, .cache = false});
  if (!parsed.ok()) return parsed.error();
  event.request.info = *parsed;
  return {};
}

Status PublishParser::read_event(Event& event, const json::Value& object, const QueryParameters& query, Shape shape,
                                 const core::App& app) {
  event.request = PublishRequest{};
  Status status = read_name(event, body_.find(object, "name"), find_parameter(query, "name"), app);
  if (status.ok()) status = read_data(event, body_.find(object, "data"), find_parameter(query, "data"), app);
  if (status.ok()) status = read_channels(event, object, query, shape, app);
  if (status.ok()) status = read_rest(event, object, query, app);
  return status;
}

Result<const PublishRequest*> PublishParser::parse_event(const json::Input& body, const QueryParameters& query,
                                                         const core::App& app) {
  Status status = body_.parse_object(or_empty_object(body), {.kept_depth = kEventDepth});
  if (status.ok()) status = read_event(single_, body_.root(), query, Shape::kSingle, app);
  if (!status.ok()) return status.error();
  return &single_.request;
}

Result<const std::vector<PublishRequest>*> PublishParser::parse_batch(const json::Input& body, const core::App& app) {
  if (Status parsed = body_.parse_object(or_empty_object(body), {.kept_depth = kBatchDepth}); !parsed.ok())
    return parsed.error();
  const json::Value* list = body_.find("batch");
  if (list == nullptr || !list->is_array()) return invalid("Expected batch parameter to be an array of events");
  const std::span<const json::Value> elements = body_.elements(*list);
  if (elements.size() > app.limits.publish_batch_events) {
    return invalid("Batch too large (" + std::to_string(elements.size()) + " > " +
                   std::to_string(app.limits.publish_batch_events) + ")");
  }
  while (events_.size() < elements.size()) events_.push_back(std::make_unique<Event>());
  requests_.clear();
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const json::Value& element = elements[i];
    Status status = element.is_object()
                        ? read_event(*events_[i], element, {}, Shape::kInBatch, app)
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
  if (Status status = body_.parse_object("{}"); !status.ok()) return status.error();
  Status status = read_name(event, nullptr, find_parameter(query, "name"), app);
  if (status.ok()) status = read_data(event, nullptr, &text, app);
  if (status.ok()) status = add_channel(event.request, channel, app);
  if (status.ok()) status = read_rest(event, body_.root(), query, app);
  if (!status.ok()) return status.error();
  return &event.request;
}

}  // namespace fanfare::api
