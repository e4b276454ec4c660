#include "config/validate.h"

#include <algorithm>
#include <map>
#include <string>

#include "config/suggestion.h"

namespace fanfare::config {

namespace {

bool is_id(std::string_view id) {
  return std::ranges::all_of(id, [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '-' || letter == '_' || letter == '.';
  });
}

// "<key>:<signature>" is how clients send it, and "/app/<key>".
bool is_key(std::string_view key) {
  return std::ranges::none_of(key, [](char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    return byte <= 0x20 || byte == 0x7F || letter == ':' || letter == '/';
  });
}

// Checks the apps one after the other, with the places of the ids and keys that it has seen.
class AppCheck {
 public:
  explicit AppCheck(Assembly& assembly) : assembly_(assembly) {}

  void check(std::size_t index) {
    const AppDraft& draft = assembly_.apps[index];
    check_id(draft, index);
    const std::string name = draft.app.id.empty() ? "this app" : "app " + draft.app.id;
    if (draft.keys.empty() && !assembly_.origins.contains(Assembly::app_path(index) + ".keys")) {
      assembly_.faults.add(draft.place, name + " has no keys: expected keys = [{ key = \"…\", secret = \"…\" }]");
    }
    for (const KeyDraft& pair : draft.keys) check_pair(pair);
    check_origins(draft, index);
  }

 private:
  void check_id(const AppDraft& draft, std::size_t index) {
    const std::string& id = draft.app.id;
    const auto origin = assembly_.origins.find(Assembly::app_path(index) + ".id");
    if (id.empty()) {
      assembly_.faults.add(draft.place, "this app has no id");
      return;
    }
    const std::string& place = origin == assembly_.origins.end() ? draft.place : origin->second;
    if (!is_id(id)) {
      assembly_.faults.add(place,
                           "id: expected letters, digits, \"-\", \"_\" and \".\", found \"" + printable(id) + "\"");
    }
    const auto [first, is_new] = ids_.emplace(id, place);
    if (!is_new)
      assembly_.faults.add(place, "id: \"" + printable(id) + "\" is that of another app, at " + first->second);
  }

  void check_pair(const KeyDraft& pair) {
    if (pair.key.empty()) return;  // said when it was read
    if (!is_key(pair.key)) {
      assembly_.faults.add(pair.place, "key: expected no spaces, \":\", \"/\" or control characters, found \"" +
                                           printable(pair.key) + "\"");
    }
    const auto [first, is_new] = keys_.emplace(pair.key, pair.place);
    if (!is_new) {
      assembly_.faults.add(pair.place, "key: \"" + printable(pair.key) + "\" is there already, at " + first->second);
    }
  }

  void check_origins(const AppDraft& draft, std::size_t index) {
    for (const std::string& origin : draft.app.allowed_origins) {
      const bool is_wildcard = origin == "*" || origin.starts_with("*.");
      const std::size_t star = origin.find('*', is_wildcard ? 1 : 0);
      if (star == std::string::npos) continue;
      const auto place = assembly_.origins.find(Assembly::app_path(index) + ".allowed_origins");
      assembly_.faults.add(
          place == assembly_.origins.end() ? draft.place : place->second,
          "allowed_origins: a \"*\" may only stand alone or in front, as in \"*.example.com\", found \"" +
              printable(origin) + "\"");
    }
  }

  Assembly& assembly_;
  std::map<std::string, std::string> ids_;
  std::map<std::string, std::string> keys_;
};

// The place of the first of `paths` that was set by hand.
std::string place_of(const Assembly& assembly, std::initializer_list<std::string> paths) {
  for (const std::string& path : paths) {
    const auto origin = assembly.origins.find(path);
    if (origin != assembly.origins.end()) return origin->second;
  }
  return "defaults";
}

// `prefix`: "" or "http_", in front of the names of the four settings.
void check_send_queue(const net::SendQueueLimits& limits, const std::string& prefix, Assembly& assembly) {
  const std::string bytes_max = prefix + "send_queue_bytes_max";
  const std::string high_mark = prefix + "send_queue_high_mark_bytes";
  const std::string low_mark = prefix + "send_queue_low_mark_bytes";
  const auto refuse = [&](const std::string& lower, std::uint32_t found, const std::string& upper, std::uint32_t max) {
    assembly.faults.add(
        place_of(assembly, {"server." + lower, "server." + upper}),
        lower + ": expected at most " + upper + " (" + std::to_string(max) + "), found " + std::to_string(found));
  };
  if (limits.high_mark > limits.bytes_max) refuse(high_mark, limits.high_mark, bytes_max, limits.bytes_max);
  if (limits.low_mark > limits.high_mark) refuse(low_mark, limits.low_mark, high_mark, limits.high_mark);
}

void check_fallback_paths(Assembly& assembly) {
  for (const std::string& path : assembly.config.session.fallback.paths) {
    const bool is_path =
        path.starts_with('/') && !path.ends_with('/') && path.find_first_of("?#% ") == std::string::npos;
    if (is_path) continue;
    assembly.faults.add(place_of(assembly, {"server.fallback_paths"}),
                        "fallback_paths: expected a path that begins with \"/\" and does not end with one, found \"" +
                            printable(path) + "\"");
  }
}

void check_ports(Assembly& assembly) {
  const Config& config = assembly.config;
  if (!config.metrics.enabled || config.metrics.port == 0) return;
  if (config.metrics.port != config.net.port || config.metrics.host != config.net.host) return;
  assembly.faults.add(
      place_of(assembly, {"metrics.port", "server.port", "metrics.host", "server.host"}),
      "port: [server] and [metrics] are both at " + config.net.host + ":" + std::to_string(config.net.port));
}

}  // namespace

void validate(Assembly& assembly) {
  AppCheck apps(assembly);
  for (std::size_t index = 0; index < assembly.apps.size(); ++index) apps.check(index);
  check_send_queue(assembly.config.net.send_queue, "", assembly);
  check_send_queue(assembly.config.httpd.send_queue, "http_", assembly);
  check_fallback_paths(assembly);
  check_ports(assembly);
}

}  // namespace fanfare::config
