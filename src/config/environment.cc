#include "config/environment.h"

#include <algorithm>
#include <string>

#include "config/settings.h"
#include "config/suggestion.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

using NameOf = std::string (*)(const SettingInfo&);

const Setting<Config>* find_setting(NameOf name_of, std::string_view name) {
  const auto& settings = config_settings();
  const auto found =
      std::ranges::find_if(settings, [&](const Setting<Config>& setting) { return name_of(setting.info) == name; });
  return found == settings.end() ? nullptr : &*found;
}

std::vector<std::string> all_names(NameOf name_of, const std::string& prefix) {
  std::vector<std::string> names;
  for (const Setting<Config>& setting : config_settings()) names.push_back(prefix + name_of(setting.info));
  return names;
}

// The one of two variables that is set. Both with different values is a fault: which one is meant?
struct Alias {
  std::string name;
  const std::string* value = nullptr;
};

Alias one_of(const std::vector<NamedText>& environment, std::string_view name, std::string_view alias, Faults& faults) {
  const auto filled = [&](std::string_view wanted) {
    const std::string* value = find_variable(environment, wanted);
    return value == nullptr || value->empty() ? nullptr : value;
  };
  const std::string* first = filled(name);
  const std::string* second = filled(alias);
  if (first != nullptr && second != nullptr && *first != *second) {
    faults.add(std::string(name), "differs from " + std::string(alias) + ", which means the same");
  }
  if (first == nullptr && second != nullptr) return {.name = std::string(alias), .value = second};
  return {.name = std::string(name), .value = first};
}

// What Pusher's libraries take for a boolean, beyond ours.
std::string boolean_word(const SettingInfo& info, const std::string& text) {
  if (info.kind != ValueKind::kBoolean) return text;
  if (text == "yes" || text == "on") return "true";
  if (text == "no" || text == "off") return "false";
  return text;
}

}  // namespace

void read_alias_variables(const std::vector<NamedText>& environment, Assembly& assembly) {
  for (const VariableAlias& alias : variable_aliases()) {
    const std::string* text = find_variable(environment, alias.variable);
    if (text == nullptr || text->empty()) continue;
    const auto known = std::ranges::find_if(
        config_settings(), [&](const Setting<Config>& setting) { return path_of(setting.info) == alias.setting; });
    assembly.take(*known, assembly.config, value_of_text(known->info, boolean_word(known->info, *text)),
                  std::string(alias.setting), std::string(alias.variable));
  }
}

const std::string* find_variable(const std::vector<NamedText>& environment, std::string_view name) {
  const auto found = std::ranges::find(environment, name, &NamedText::first);
  return found == environment.end() ? nullptr : &found->second;
}

void read_environment(const std::vector<NamedText>& environment, Assembly& assembly) {
  for (const auto& [name, text] : environment) {
    if (!name.starts_with("FANFARE_") || name == kFileVariable || name == kBinaryVariable) continue;
    const Setting<Config>* setting = find_setting(variable_of, name);
    if (setting == nullptr) {
      std::vector<std::string> names = all_names(variable_of, "");
      names.emplace_back(kFileVariable);
      assembly.faults.add(printable(name), "unknown variable" + did_you_mean(name, names));
      continue;
    }
    assembly.take(*setting, assembly.config, value_of_text(setting->info, text), path_of(setting->info), name);
  }
}

void read_flags(const std::vector<NamedText>& flags, Assembly& assembly) {
  for (const auto& [name, text] : flags) {
    const std::string place = "--" + name;
    const Setting<Config>* setting = find_setting(flag_of, name);
    if (setting == nullptr) {
      assembly.faults.add(printable(place), "unknown flag" + did_you_mean(place, all_names(flag_of, "--")));
      continue;
    }
    assembly.take(*setting, assembly.config, value_of_text(setting->info, text), path_of(setting->info), place);
  }
}

void read_pusher_variables(const std::vector<NamedText>& environment, Assembly& assembly) {
  const Alias id = one_of(environment, "PUSHER_APP_ID", "PUSHER_APP_ID", assembly.faults);
  const Alias key = one_of(environment, "PUSHER_KEY", "PUSHER_APP_KEY", assembly.faults);
  const Alias secret = one_of(environment, "PUSHER_SECRET", "PUSHER_APP_SECRET", assembly.faults);
  const Alias* all[] = {&id, &key, &secret};
  const auto is_set = [](const Alias* variable) { return variable->value != nullptr; };
  if (std::ranges::none_of(all, is_set)) return;
  if (!std::ranges::all_of(all, is_set)) {
    for (const Alias* variable : all) {
      if (!is_set(variable))
        assembly.faults.add(variable->name,
                            "not set or empty, while others of PUSHER_APP_ID, PUSHER_KEY and PUSHER_SECRET are set");
    }
    return;
  }
  KeyDraft pair{.key = *key.value, .secret = *secret.value, .place = key.name};
  const auto same = std::ranges::find_if(
      assembly.apps, [&](const AppDraft& draft) { return draft.app.id == *id.value && draft.keys.empty(); });
  if (same != assembly.apps.end()) {
    const auto index = static_cast<std::size_t>(same - assembly.apps.begin());
    assembly.origins.insert_or_assign(Assembly::app_path(index) + ".keys", key.name);
    same->keys.push_back(std::move(pair));
    return;
  }
  const std::string path = Assembly::app_path(assembly.apps.size());
  AppDraft draft;
  draft.app.id = *id.value;
  draft.place = id.name;
  draft.keys.push_back(std::move(pair));
  assembly.apps.push_back(std::move(draft));
  assembly.origins.insert_or_assign(path + ".id", id.name);
  assembly.origins.insert_or_assign(path + ".keys", key.name);
}

}  // namespace fanfare::config
