// [[apps]]: one table for each app, its keys and its limits.
#include <algorithm>

#include "config/file_reader.h"
#include "config/settings.h"
#include "config/suggestion.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

constexpr SettingInfo kKeyInfo{.table = "keys", .key = "key", .min = 1, .max = 200, .kind = ValueKind::kText};
constexpr SettingInfo kSecretInfo{.table = "keys", .key = "secret", .min = 1, .max = 1024, .kind = ValueKind::kText};
constexpr SettingInfo kEnabledInfo{.table = "keys", .key = "enabled", .kind = ValueKind::kBoolean};

// Reads the [[apps]] of one file.
class AppReader {
 public:
  AppReader(std::string_view file, Assembly& assembly) : file_(file), assembly_(assembly) {}

  void read(const Node& node) {
    const auto* members = std::get_if<Table>(&node.value);
    if (members == nullptr) return fault(node.place, "apps: expected a table, found " + std::string(kind_name(node)));
    AppDraft draft;
    draft.place = place_text(file_, node.place);
    path_ = Assembly::app_path(assembly_.apps.size());
    for (const Member& member : *members) {
      if (member.key == "keys") {
        read_keys(member, draft);
      } else if (member.key == "limits") {
        read_limits(member, draft);
      } else {
        read_setting(member, "apps", draft);
      }
    }
    assembly_.apps.push_back(std::move(draft));
  }

 private:
  void fault(Place place, std::string message) { assembly_.faults.add(place_text(file_, place), std::move(message)); }

  void read_setting(const Member& member, std::string_view table, AppDraft& draft) {
    const auto known = std::ranges::find_if(app_settings(), [&](const Setting<core::App>& setting) {
      return setting.info.table == table && setting.info.key == member.key;
    });
    if (known == app_settings().end()) return refuse(member, table);
    const std::string path = path_ + (table == "apps" ? "." : ".limits.") + member.key;
    assembly_.take(*known, draft.app, value_of_node(known->info, member.node), path, place_text(file_, member.place));
  }

  void refuse(const Member& member, std::string_view table) {
    std::vector<std::string> candidates;
    std::string hint;
    for (const Setting<core::App>& setting : app_settings()) {
      if (setting.info.table == table) {
        candidates.emplace_back(setting.info.key);
      } else if (setting.info.key == member.key) {
        hint = ", it belongs in " + std::string(table == "apps" ? "[apps.limits]" : "[[apps]]");
      }
    }
    if (table == "apps") candidates.insert(candidates.end(), {"keys", "limits"});
    if (hint.empty()) hint = did_you_mean(member.key, candidates);
    fault(member.place, "unknown key \"" + printable(member.key) + "\" in " +
                            (table == "apps" ? "[[apps]]" : "[apps.limits]") + hint);
  }

  void read_limits(const Member& member, AppDraft& draft) {
    const auto* limits = std::get_if<Table>(&member.node.value);
    if (limits == nullptr) {
      return fault(member.place, "limits: expected a table, found " + std::string(kind_name(member.node)));
    }
    for (const Member& limit : *limits) read_setting(limit, "apps.limits", draft);
  }

  void read_keys(const Member& member, AppDraft& draft) {
    assembly_.origins.insert_or_assign(path_ + ".keys", place_text(file_, member.place));
    const auto* keys = std::get_if<Array>(&member.node.value);
    if (keys == nullptr) {
      return fault(member.place,
                   "keys: expected an array of { key, secret }, found " + std::string(kind_name(member.node)));
    }
    if (keys->empty() || keys->size() > kKeysOfAppMax) {
      return fault(member.place, "keys: expected 1 to " + std::to_string(kKeysOfAppMax) + " pairs, found " +
                                     std::to_string(keys->size()));
    }
    for (const Node& pair : *keys) read_key(pair, draft);
  }

  void read_key(const Node& pair, AppDraft& draft) {
    const auto* members = std::get_if<Table>(&pair.value);
    if (members == nullptr) {
      return fault(pair.place, "keys: expected a table { key, secret }, found " + std::string(kind_name(pair)));
    }
    KeyDraft key;
    key.place = place_text(file_, pair.place);
    bool has_key = false;
    bool has_secret = false;
    for (const Member& member : *members) {
      if (member.key == "key") {
        has_key = true;
        take_text(member, kKeyInfo, key.key);
      } else if (member.key == "secret") {
        has_secret = true;
        take_text(member, kSecretInfo, key.secret);
      } else if (member.key == "enabled") {
        take_enabled(member, key);
      } else {
        fault(member.place, "unknown key \"" + printable(member.key) + "\" in keys" +
                                did_you_mean(member.key, {"key", "secret", "enabled"}));
      }
    }
    if (!has_key) fault(pair.place, "keys: a pair without a key");
    if (!has_secret) fault(pair.place, "keys: a pair without a secret");
    draft.keys.push_back(std::move(key));
  }

  // The messages of value_of_node() tell a text's kind and size, never the text.
  void take_text(const Member& member, const SettingInfo& info, std::string& target) {
    Result<Value> value = value_of_node(info, member.node);
    if (!value.ok()) return fault(member.place, value.error().message);
    target = std::get<std::string>(*value);
  }

  void take_enabled(const Member& member, KeyDraft& key) {
    Result<Value> value = value_of_node(kEnabledInfo, member.node);
    if (!value.ok()) return fault(member.place, value.error().message);
    key.enabled = std::get<bool>(*value);
  }

  std::string_view file_;
  Assembly& assembly_;
  std::string path_;  // of the app that is being read
};

}  // namespace

void read_apps(const Node& apps, std::string_view file, Assembly& assembly) {
  const auto* tables = std::get_if<Array>(&apps.value);
  if (tables == nullptr) {
    assembly.faults.add(place_text(file, apps.place),
                        "apps: expected [[apps]] (an array of tables), found " + std::string(kind_name(apps)));
    return;
  }
  if (tables->size() > kAppsMax) {
    assembly.faults.add(place_text(file, apps.place), "apps: expected at most " + std::to_string(kAppsMax) +
                                                          ", found " + std::to_string(tables->size()));
    return;
  }
  AppReader reader(file, assembly);
  for (const Node& table : *tables) reader.read(table);
}

}  // namespace fanfare::config
