#include "config/validate.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include <fmt/format.h>

#include "config/suggestion.h"
#include "net/trusted_proxies.h"

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

// Two listeners at one address: the second would not start, and the error would not name the setting.
void check_ports(Assembly& assembly) {
  const Config& config = assembly.config;
  struct Listener {
    std::string_view table;
    const std::string& host;
    std::uint16_t port;
    bool is_open;
  };
  const Listener listeners[] = {{"server", config.net.host, config.net.port, true},
                                {"tls", config.tls.host, config.tls.port, config.tls.enabled()},
                                {"metrics", config.metrics.host, config.metrics.port, config.metrics.enabled}};
  for (const Listener* one = std::begin(listeners); one != std::end(listeners); ++one) {
    for (const Listener* other = std::begin(listeners); other != one; ++other) {
      if (!one->is_open || !other->is_open || one->port == 0) continue;
      if (one->port != other->port || one->host != other->host) continue;
      const auto key = [](const Listener& listener, std::string_view name) {
        return fmt::format("{}.{}", listener.table, name);
      };
      assembly.faults.add(
          place_of(assembly, {key(*one, "port"), key(*other, "port"), key(*one, "host"), key(*other, "host")}),
          fmt::format("port: [{}] and [{}] are both at {}:{}", other->table, one->table, one->host, one->port));
    }
  }
}

void check_tls(Assembly& assembly) {
  const tls::TlsOptions& tls = assembly.config.tls;
  const auto refuse = [&](const std::string& key, const std::string& what) {
    assembly.faults.add(place_of(assembly, {"tls." + key}), key + ": " + what);
  };
  const tls::CertificateFiles& main = tls.main;
  if (!main.certificate.empty() && main.key.empty()) refuse("certificate", "expected a key with it");
  if (main.certificate.empty() && !main.key.empty()) refuse("key", "expected a certificate with it");
  if (main.certificate.empty() && !main.ocsp_response.empty()) {
    refuse("ocsp_response", "expected a certificate with it");
  }
  if (tls.enabled()) return;
  if (!tls.client_ca.empty()) refuse("client_ca", "expected a certificate of the server's, or dev");
  if (tls.redirect_http) refuse("redirect_http", "expected a certificate of the server's, or dev");
}

bool is_file_mode(const std::string& text) {
  return text.find_first_not_of("01234567") == std::string::npos && (text.size() == 3 || text.front() == '0');
}

void check_proxies(Assembly& assembly) {
  const net::NetOptions& net = assembly.config.net;
  if (const auto trusted = net::TrustedProxies::parse(net.trusted_proxies); !trusted.ok()) {
    assembly.faults.add(place_of(assembly, {"server.trusted_proxies"}), "trusted_proxies: " + trusted.error().message);
  }
  if (net.proxy_protocol && net.trusted_proxies.empty()) {
    assembly.faults.add(place_of(assembly, {"server.proxy_protocol"}),
                        "proxy_protocol: expected trusted_proxies to say who begins with a header");
  }
  if (!is_file_mode(net.unix_socket_mode)) {
    assembly.faults.add(place_of(assembly, {"server.unix_socket_mode"}),
                        "unix_socket_mode: expected an octal file mode such as \"0660\", found \"" +
                            printable(net.unix_socket_mode) + "\"");
  }
}

}  // namespace

void validate(Assembly& assembly) {
  AppCheck apps(assembly);
  for (std::size_t index = 0; index < assembly.apps.size(); ++index) apps.check(index);
  check_send_queue(assembly.config.net.send_queue, "", assembly);
  check_send_queue(assembly.config.httpd.send_queue, "http_", assembly);
  check_fallback_paths(assembly);
  check_ports(assembly);
  check_tls(assembly);
  check_proxies(assembly);
}

}  // namespace fanfare::config
