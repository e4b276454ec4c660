#include "config/flags.h"

#include "config/settings.h"
#include "config/value_text.h"

namespace fanfare::config {

namespace {

std::string value_name_of(const SettingInfo& info) {
  switch (info.kind) {
    case ValueKind::kBoolean:
      return "true|false";
    case ValueKind::kInteger:
      return "INTEGER";
    case ValueKind::kText:
    case ValueKind::kTextList:
      return "TEXT";
    case ValueKind::kChoice:
      break;
  }
  std::string words;
  for (const std::string_view word : info.choices) words += (words.empty() ? "" : "|") + std::string(word);
  return words;
}

std::string help_of(const Setting<Config>& setting) {
  const SettingInfo& info = setting.info;
  std::string help(info.text);
  if (info.kind == ValueKind::kInteger) {
    help += " From " + std::to_string(info.min) + " to " + std::to_string(info.max);
    if (!info.unit.empty()) help += " " + std::string(info.unit);
    if (!info.zero.empty()) help += "; 0: " + std::string(info.zero);
    help += ".";
  }
  if (info.key != "data_dir") help += " [" + toml_text(info, setting.read(Config())) + "]";
  return help;
}

}  // namespace

std::vector<Flag> flags() {
  std::vector<Flag> all;
  for (const Setting<Config>& setting : config_settings()) {
    const bool is_switch = setting.info.kind == ValueKind::kBoolean;
    all.push_back({.name = flag_of(setting.info),
                   .help = help_of(setting),
                   .value_name = value_name_of(setting.info),
                   .kind = is_switch ? FlagKind::kSwitch : FlagKind::kValue});
  }
  return all;
}

}  // namespace fanfare::config
