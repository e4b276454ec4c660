#include "config/reload.h"

#include <algorithm>
#include <utility>

#include "config/settings.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

// Secrets are kept only as hash states: two are the same when they sign the same.
bool has_same_keys(const core::App& a, const core::App& b) {
  return std::ranges::equal(a.keys.all(), b.keys.all(), [](const pusher::AppKey& one, const pusher::AppKey& other) {
    return one.key == other.key && one.enabled == other.enabled && one.hmac.digest("") == other.hmac.digest("");
  });
}

bool is_same_app(const core::App& a, const core::App& b) {
  return has_same_keys(a, b) && std::ranges::all_of(app_settings(), [&](const Setting<core::App>& setting) {
           return setting.read(a) == setting.read(b);
         });
}

const core::App* find_app(const Config& config, const std::string& id) {
  const auto found = std::ranges::find(config.apps, id, &core::App::id);
  return found == config.apps.end() ? nullptr : &*found;
}

// "server.port: 6001 runs, 7000"
std::string change_of(const Setting<Config>& setting, const Config& before, const Config& now,
                      std::string_view between) {
  std::string text = path_of(setting.info) + ": ";
  text += toml_text(setting.info, setting.read(before));
  text += between;
  return text += toml_text(setting.info, setting.read(now));
}

void compare_apps(const Config& before, const Config& now, std::vector<std::string>& changed) {
  for (const core::App& app : now.apps) {
    const core::App* old = find_app(before, app.id);
    if (old == nullptr) {
      changed.push_back("apps[" + app.id + "]: added");
    } else if (!is_same_app(*old, app)) {
      changed.push_back("apps[" + app.id + "]: changed");
    }
  }
  for (const core::App& app : before.apps) {
    if (find_app(now, app.id) == nullptr) changed.push_back("apps[" + app.id + "]: removed");
  }
}

}  // namespace

Result<Reload> reload(const Inputs& inputs, const Loaded& running) {
  Result<Loaded> loaded = load(inputs);
  if (!loaded.ok()) return std::move(loaded).error();
  Reload result{.next = *std::move(loaded), .needs_restart = {}, .changed = {}};
  for (const Setting<Config>& setting : config_settings()) {
    const Value before = setting.read(running.config);
    if (before == setting.read(result.next.config)) continue;
    if (setting.info.reloadable) {
      result.changed.push_back(change_of(setting, running.config, result.next.config, " → "));
    } else {
      result.needs_restart.push_back(
          change_of(setting, running.config, result.next.config, " runs, ").append(" is configured"));
      setting.write(result.next.config, before);
    }
  }
  if (running.config.tls.more != result.next.config.tls.more) {
    result.changed.emplace_back("tls.certificates: changed");
  }
  if (running.config.access != result.next.config.access) result.changed.emplace_back("access: changed");
  compare_apps(running.config, result.next.config, result.changed);
  return result;
}

}  // namespace fanfare::config
