#include "config/file_reader.h"

#include <algorithm>

#include "config/settings.h"
#include "config/suggestion.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

const std::vector<std::string> kTables = {"server", "tls",     "compression", "metrics",
                                          "log",    "gateway", "access",      "apps"};

bool is_section(std::string_view name) {
  return name == "server" || name == "tls" || name == "compression" || name == "metrics" || name == "log" ||
         name == "gateway";
}

std::vector<std::string> keys_of(std::string_view table) {
  std::vector<std::string> keys;
  for (const Setting<Config>& setting : config_settings()) {
    if (setting.info.table == table) keys.emplace_back(setting.info.key);
  }
  return keys;
}

// Where a key that stands in the wrong table belongs: ", it belongs in [server]".
std::string other_table(std::string_view key) {
  for (const Setting<Config>& setting : config_settings()) {
    if (setting.info.key == key) return ", it belongs in [" + std::string(setting.info.table) + "]";
  }
  for (const Setting<core::App>& setting : app_settings()) {
    if (setting.info.key != key) continue;
    return ", it belongs in " + std::string(setting.info.table == "apps" ? "[[apps]]" : "[apps.limits]");
  }
  return {};
}

void read_section(const Member& section, std::string_view file, Assembly& assembly) {
  const auto* members = std::get_if<Table>(&section.node.value);
  if (members == nullptr) {
    assembly.faults.add(place_text(file, section.place),
                        section.key + ": expected a table, found " + std::string(kind_name(section.node)));
    return;
  }
  for (const Member& member : *members) {
    if (section.key == "tls" && member.key == "certificates") {
      read_certificates(member, file, assembly);
      continue;
    }
    const auto known = std::ranges::find_if(config_settings(), [&](const Setting<Config>& setting) {
      return setting.info.table == section.key && setting.info.key == member.key;
    });
    if (known != config_settings().end()) {
      assembly.take(*known, assembly.config, value_of_node(known->info, member.node), path_of(known->info),
                    place_text(file, member.place));
      continue;
    }
    std::string hint = other_table(member.key);
    if (hint.empty()) hint = did_you_mean(member.key, keys_of(section.key));
    assembly.faults.add(place_text(file, member.place),
                        "unknown key \"" + printable(member.key) + "\" in [" + section.key + "]" + hint);
  }
}

void refuse_table(const Member& member, std::string_view file, Assembly& assembly) {
  std::string hint = other_table(member.key);
  if (hint.empty()) hint = did_you_mean(member.key, kTables);
  const bool is_table = std::holds_alternative<Table>(member.node.value);
  assembly.faults.add(place_text(file, member.place), std::string(is_table ? "unknown table [" : "unknown key \"") +
                                                          printable(member.key) + (is_table ? "]" : "\"") + hint);
}

}  // namespace

void read_document(const Table& document, std::string_view file, Assembly& assembly) {
  for (const Member& member : document) {
    if (member.key == "apps") {
      read_apps(member.node, file, assembly);
    } else if (member.key == "access") {
      read_access(member, file, assembly);
    } else if (is_section(member.key)) {
      read_section(member, file, assembly);
    } else {
      refuse_table(member, file, assembly);
    }
  }
}

void read_apps_only(const Table& document, std::string_view file, Assembly& assembly) {
  for (const Member& member : document) {
    if (member.key == "apps") {
      read_apps(member.node, file, assembly);
    } else {
      assembly.faults.add(place_text(file, member.place), "only [[apps]] may stand in this file");
    }
  }
}

}  // namespace fanfare::config
