#include "cli/target.h"

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>

namespace fanfare::cli {

namespace {

using config::Credentials;
using config::NamedText;

constexpr std::string_view kOwnVariables[] = {"PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_APP_KEY", "PUSHER_SECRET",
                                              "PUSHER_APP_SECRET"};

constexpr const char* kNoApp =
    "no app is known: set PUSHER_APP_ID, PUSHER_KEY and PUSHER_SECRET, name the server's file with --config, or run "
    "`fanfare serve` once on this machine, which makes an app";

std::string first_set(const std::vector<NamedText>& environment, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (const auto& [variable, value] : environment) {
      if (variable == name && !value.empty()) return value;
    }
  }
  return {};
}

Result<std::optional<std::uint16_t>> port_of(const std::string& text) {
  if (text.empty()) return std::optional<std::uint16_t>();
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
    return invalid("PUSHER_PORT: expected a port from 1 to 65535");
  }
  return std::optional<std::uint16_t>(port);
}

// Flags first, then the environment. A given key does not go with the environment's secret unless it is its key.
Result<TargetFlags> with_environment(TargetFlags given, const std::vector<NamedText>& environment) {
  const std::string key = first_set(environment, {"PUSHER_KEY", "PUSHER_APP_KEY"});
  const bool is_same_app = given.key.empty() || given.key == key;
  const auto fill = [](std::string& field, std::string value) {
    if (field.empty()) field = std::move(value);
  };
  if (is_same_app) {
    fill(given.secret, first_set(environment, {"PUSHER_SECRET", "PUSHER_APP_SECRET"}));
    fill(given.app_id, first_set(environment, {"PUSHER_APP_ID"}));
    fill(given.key, key);
  }
  fill(given.host, first_set(environment, {"PUSHER_HOST"}));
  Result<std::optional<std::uint16_t>> port = port_of(first_set(environment, {"PUSHER_PORT"}));
  if (!port.ok()) return std::move(port).error();
  if (!given.port.has_value()) given.port = *port;
  return given;
}

bool is_complete(const TargetFlags& given) {
  return !given.host.empty() && given.port.has_value() && !given.app_id.empty() && !given.key.empty() &&
         !given.secret.empty();
}

Result<config::Loaded> load_config(const TargetFlags& given, const std::vector<NamedText>& environment) {
  config::Inputs inputs;
  if (!given.file.empty()) inputs.file = given.file;
  // These have been read; half of them is a fault to a server, but not here.
  for (const NamedText& variable : environment) {
    if (std::ranges::find(kOwnVariables, variable.first) == std::end(kOwnVariables))
      inputs.environment.push_back(variable);
  }
  inputs.first_app =
      given.key.empty() || given.secret.empty() ? config::FirstAppRule::kLoad : config::FirstAppRule::kIgnore;
  return config::load(inputs);
}

// The app of the configuration that fits what was given; the first one if nothing was.
void fill_credentials(TargetFlags& given, const std::vector<Credentials>& known) {
  const auto fits = std::ranges::find_if(known, [&given](const Credentials& app) {
    return (given.app_id.empty() || app.app_id == given.app_id) && (given.key.empty() || app.key == given.key);
  });
  if (fits == known.end()) return;
  if (given.key.empty() && !given.secret.empty()) return;  // a secret without its key
  given.app_id = fits->app_id;
  given.key = fits->key;
  if (given.secret.empty()) given.secret = fits->secret;
}

// How one reaches a server that listens on every address.
std::string reachable_host(const std::string& host) {
  if (host == "0.0.0.0" || host == "*") return "127.0.0.1";
  return host == "::" || host == "[::]" ? "::1" : host;
}

}  // namespace

std::string Target::address() const {
  const bool needs_brackets = host.find(':') != std::string::npos && !host.starts_with('[');
  return (needs_brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Target> find_target(const TargetFlags& flags, const std::vector<NamedText>& environment) {
  Result<TargetFlags> merged = with_environment(flags, environment);
  if (!merged.ok()) return std::move(merged).error();
  TargetFlags given = *std::move(merged);
  if (!is_complete(given)) {
    Result<config::Loaded> loaded = load_config(given, environment);
    if (!loaded.ok()) return std::move(loaded).error();
    fill_credentials(given, loaded->credentials);
    if (given.host.empty()) given.host = reachable_host(loaded->config.net.host);
    const std::uint16_t port = loaded->config.net.port;
    if (!given.port.has_value() && port != 0) given.port = port;
  }
  if (given.key.empty()) return invalid(kNoApp);
  if (!given.port.has_value()) {
    return invalid(
        "the configuration leaves the port to the kernel: give --port, which the server prints at its start");
  }
  return Target{.host = std::move(given.host),
                .port = *given.port,
                .app_id = std::move(given.app_id),
                .key = std::move(given.key),
                .secret = std::move(given.secret)};
}

Status check_can_sign(const Target& target) {
  if (target.app_id.empty()) return invalid("the app's id is not known: give --app-id or set PUSHER_APP_ID");
  if (target.secret.empty()) {
    return invalid("the secret of key " + target.key +
                   " is not known: set PUSHER_SECRET, or name the server's file with --config");
  }
  return {};
}

std::string with_hint(const Error& error) {
  if (!error.message.starts_with("nothing listens on ")) return error.message;
  return error.message +
         ": is the server running? Start it with `fanfare serve`, or say where it is with --host and --port";
}

}  // namespace fanfare::cli
