// The table of all settings: each is here once, and everything else is made from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/setting.h"

namespace fanfare::config {

// [server], [tls], [compression], [metrics], [log] and [gateway], in the order of the reference page.
const std::vector<Setting<Config>>& config_settings();
// [[apps]] and [apps.limits], but for `keys`, which is a list of tables (see app_reader.h).
const std::vector<Setting<core::App>>& app_settings();

// "server.port"
std::string path_of(const SettingInfo& info);
// The settings of [server] go without their table: "port", "log-level" and FANFARE_PORT, FANFARE_LOG_LEVEL.
// Settings of apps have neither.
std::string flag_of(const SettingInfo& info);
std::string variable_of(const SettingInfo& info);

// Variables that Pusher's own libraries and JWT tools read, and the settings that they stand for. FANFARE_ variables
// win over them; an empty one counts as not set.
struct VariableAlias {
  std::string_view variable;
  std::string_view setting;  // its path
};
std::span<const VariableAlias> variable_aliases();

// FANFARE_ variables that are no settings.
inline constexpr std::string_view kFileVariable = "FANFARE_CONFIG";
// Tells the conformance tests which binary to test; the servers that they start inherit it.
inline constexpr std::string_view kBinaryVariable = "FANFARE_BINARY";

// The parts of the table.
std::vector<Setting<Config>> process_settings();      // address, loops, data folder, stopping
std::vector<Setting<Config>> connection_settings();   // client connections: time-outs, sizes, queues
std::vector<Setting<Config>> channel_settings();      // fan-out, counts, caches
std::vector<Setting<Config>> http_settings();         // HTTP connections and the API
std::vector<Setting<Config>> fallback_settings();     // HTTP fallbacks of clients
std::vector<Setting<Config>> tls_settings();          // [tls], but for its list of certificates
std::vector<Setting<Config>> compression_settings();  // [compression]
std::vector<Setting<Config>> operation_settings();    // [metrics] and [log]
std::vector<Setting<Config>> gateway_settings();      // [gateway]
std::vector<Setting<core::App>> app_switch_settings();
std::vector<Setting<core::App>> app_limit_settings();

}  // namespace fanfare::config
