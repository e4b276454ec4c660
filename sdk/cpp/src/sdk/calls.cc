#include "sdk/calls.h"

#include <algorithm>
#include <utility>

#include "base/random.h"
#include "fanfare/names.h"
#include "pusher/quote.h"
#include "sdk/conversion.h"
#include "sdk/publish_body.h"
#include "sdk/text.h"

namespace fanfare::sdk {
namespace {

// 128 bits: no two events share a key.
constexpr std::size_t kIdempotencyKeyRandomBytes = 16;

// A path below /apps/<id>, as it is signed and as it stands in the URL.
struct ApiPath {
  explicit ApiPath(const Settings& settings) : plain(settings.app_path) { append_url_path(encoded, plain); }

  ApiPath& add(std::string_view text) {
    plain += text;
    append_url_path(encoded, text);
    return *this;
  }
  // A name, in which a slash is no separator.
  ApiPath& add_segment(std::string_view name) {
    plain.append("/").append(name);
    encoded.push_back('/');
    for (const char c : name) {
      if (c == '/') {
        encoded += "%2F";
      } else {
        append_url_path(encoded, {&c, 1});
      }
    }
    return *this;
  }

  std::string plain;
  std::string encoded;
};

Call call_of(std::string method, ApiPath path) {
  return {.method = std::move(method), .path = std::move(path.plain), .url_path = std::move(path.encoded)};
}

Call read_call(ApiPath path) {
  Call call = call_of("GET", std::move(path));
  call.is_repeatable = true;
  return call;
}

// Fanfare publishes once for all requests with one key, which makes it safe to ask again; the hosted service does not.
Result<Call> publish_call(const Settings& settings, std::string_view endpoint, Result<std::string> body,
                          std::string_view idempotency_key) {
  if (!body.ok()) return std::move(body).error();
  if (Status checked = check_idempotency_key(idempotency_key); !checked.ok()) return std::move(checked).error();
  Call call = call_of("POST", ApiPath(settings).add(endpoint));
  call.body = *std::move(body);
  call.idempotency_key = idempotency_key;
  if (settings.is_fanfare && idempotency_key.empty()) {
    call.idempotency_key = secure_random_hex(kIdempotencyKeyRandomBytes);
  }
  call.is_repeatable = settings.is_fanfare;
  return call;
}

Status check_presence(std::string_view channel, std::string_view what) {
  if (channel_type(channel) == ChannelType::kPresence) return {};
  return refused(std::string(what) + " is known of presence channels only, not of " + pusher::shortened(channel));
}

// Without what breaks a request line or starts a query of its own; those characters are encoded, except that a path
// beginning elsewhere than at a slash would change the app id.
Status check_path(std::string_view path) {
  if (!path.starts_with('/')) return refused("the path must begin with '/': it stands behind /apps/<id>");
  const bool has_control =
      std::any_of(path.begin(), path.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (has_control || !is_utf8(path)) return refused("the path holds a control character or is not valid UTF-8");
  return {};
}

// Those that the signature brings along; given twice, none would fit.
Status check_parameters(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    if (name.starts_with("auth_") || name == "body_md5") {
      return refused("the parameter " + pusher::shortened(name, 32) + " is the signature's: leave it out");
    }
    if (!is_utf8(name) || !is_utf8(value)) return refused("a parameter is not valid UTF-8");
  }
  return {};
}

void add_info(Call& call, std::initializer_list<std::pair<bool, std::string_view>> attributes) {
  std::string info;
  for (const auto& [is_wanted, name] : attributes) {
    if (!is_wanted) continue;
    if (!info.empty()) info.push_back(',');
    info += name;
  }
  if (!info.empty()) call.parameters.emplace_back("info", std::move(info));
}

}  // namespace

Result<Call> trigger_call(const Settings& settings, const Event& event) {
  const MasterKey* master_key = settings.master_key ? &*settings.master_key : nullptr;
  return publish_call(settings, "/events", event_body(event, settings.options.limits, master_key),
                      event.idempotency_key);
}

Result<Call> trigger_batch_call(const Settings& settings, std::span<const BatchEvent> events,
                                std::string_view idempotency_key) {
  const MasterKey* master_key = settings.master_key ? &*settings.master_key : nullptr;
  return publish_call(settings, "/batch_events", batch_body(events, settings.options.limits, master_key),
                      idempotency_key);
}

Result<Call> channels_call(const Settings& settings, const ChannelsQuery& query) {
  if (!is_utf8(query.prefix)) return refused("the prefix is not valid UTF-8");
  if (query.user_count && !query.prefix.starts_with("presence-")) {
    return refused("user_count needs a prefix that begins with presence-");
  }
  Call call = read_call(ApiPath(settings).add("/channels"));
  if (!query.prefix.empty()) call.parameters.emplace_back("filter_by_prefix", query.prefix);
  add_info(call, {{query.user_count, "user_count"}});
  return call;
}

Result<Call> channel_call(const Settings& settings, std::string_view channel, const ChannelQuery& query) {
  if (Status checked = check_channel_name(channel, settings.options.limits); !checked.ok()) {
    return std::move(checked).error();
  }
  if (query.user_count) {
    if (Status checked = check_presence(channel, "user_count"); !checked.ok()) return std::move(checked).error();
  }
  if (query.cache && !is_cache_channel(channel)) {
    return refused("cache is known of cache channels only, not of " + pusher::shortened(channel));
  }
  Call call = read_call(ApiPath(settings).add("/channels").add_segment(channel));
  add_info(
      call,
      {{query.user_count, "user_count"}, {query.subscription_count, "subscription_count"}, {query.cache, "cache"}});
  return call;
}

Result<Call> users_call(const Settings& settings, std::string_view channel) {
  if (Status checked = check_channel_name(channel, settings.options.limits); !checked.ok()) {
    return std::move(checked).error();
  }
  if (Status checked = check_presence(channel, "the list of users"); !checked.ok()) return std::move(checked).error();
  return read_call(ApiPath(settings).add("/channels").add_segment(channel).add("/users"));
}

Result<Call> terminate_call(const Settings& settings, std::string_view user_id) {
  if (Status checked = check_user_id(user_id, false, settings.options.limits); !checked.ok()) {
    return std::move(checked).error();
  }
  Call call = call_of("POST", ApiPath(settings).add("/users").add_segment(user_id).add("/terminate_connections"));
  call.body = "{}";
  return call;
}

Result<Call> kick_call(const Settings& settings, std::string_view channel, std::string_view user_id) {
  const Limits& limits = settings.options.limits;
  if (Status checked = check_channel_name(channel, limits); !checked.ok()) return std::move(checked).error();
  if (Status checked = check_user_id(user_id, false, limits); !checked.ok()) return std::move(checked).error();
  ApiPath path(settings);
  path.add("/channels").add_segment(channel).add("/users").add_segment(user_id).add("/kick");
  Call call = call_of("POST", std::move(path));
  call.body = "{}";
  return call;
}

Result<Call> get_call(const Settings& settings, std::string_view path, const Parameters& parameters) {
  if (Status checked = check_path(path); !checked.ok()) return std::move(checked).error();
  if (Status checked = check_parameters(parameters); !checked.ok()) return std::move(checked).error();
  Call call = read_call(ApiPath(settings).add(path));
  call.parameters = parameters;
  return call;
}

Result<Call> post_call(const Settings& settings, std::string_view path, std::string_view body,
                       const Parameters& parameters, std::string_view idempotency_key) {
  if (Status checked = check_path(path); !checked.ok()) return std::move(checked).error();
  if (Status checked = check_parameters(parameters); !checked.ok()) return std::move(checked).error();
  if (Status checked = check_idempotency_key(idempotency_key); !checked.ok()) return std::move(checked).error();
  Call call = call_of("POST", ApiPath(settings).add(path));
  call.body = body;
  call.parameters = parameters;
  call.idempotency_key = idempotency_key;
  call.is_repeatable = settings.is_fanfare && !idempotency_key.empty();
  return call;
}

}  // namespace fanfare::sdk
