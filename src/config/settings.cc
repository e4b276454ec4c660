#include "config/settings.h"

#include <algorithm>
#include <iterator>

namespace fanfare::config {

namespace {

template <typename Target>
void append(std::vector<Setting<Target>>& all, std::vector<Setting<Target>> part) {
  std::ranges::move(part, std::back_inserter(all));
}

// "log_level" with the table in front, unless it is [server].
std::string full_name(const SettingInfo& info) {
  if (info.table == "server") return std::string(info.key);
  return std::string(info.table) + "_" + std::string(info.key);
}

}  // namespace

const std::vector<Setting<Config>>& config_settings() {
  static const std::vector<Setting<Config>> kAll = [] {
    std::vector<Setting<Config>> all;
    append(all, process_settings());
    append(all, connection_settings());
    append(all, channel_settings());
    append(all, http_settings());
    append(all, fallback_settings());
    append(all, tls_settings());
    append(all, compression_settings());
    append(all, operation_settings());
    append(all, gateway_settings());
    return all;
  }();
  return kAll;
}

const std::vector<Setting<core::App>>& app_settings() {
  static const std::vector<Setting<core::App>> kAll = [] {
    std::vector<Setting<core::App>> all;
    append(all, app_switch_settings());
    append(all, app_limit_settings());
    return all;
  }();
  return kAll;
}

std::string path_of(const SettingInfo& info) { return std::string(info.table) + "." + std::string(info.key); }

std::string flag_of(const SettingInfo& info) {
  std::string name = full_name(info);
  std::ranges::replace(name, '_', '-');
  return name;
}

std::string variable_of(const SettingInfo& info) {
  std::string name = "FANFARE_" + full_name(info);
  std::ranges::transform(name, name.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  });
  return name;
}

}  // namespace fanfare::config
