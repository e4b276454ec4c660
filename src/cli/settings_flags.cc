#include "cli/settings_flags.h"

#include <CLI/CLI.hpp>

#include "config/flags.h"

namespace fanfare::cli {

SettingsFlags::SettingsFlags(CLI::App& command) {
  command.add_option("-c,--config", file_, "Configuration file (TOML); FANFARE_CONFIG names one, too")
      ->type_name("FILE");
  for (const config::Flag& flag : config::flags()) {
    Given& given = given_.emplace_back(Given{flag.name, {}});
    CLI::Option* option = command.add_option("--" + flag.name, given.value, flag.help)->type_name(flag.value_name);
    if (flag.kind == config::FlagKind::kSwitch) option->expected(0, 1)->default_str("true");
    option->group("Settings");
  }
}

config::Inputs SettingsFlags::inputs(config::FirstAppRule first_app) const {
  config::Inputs inputs;
  if (!file_.empty()) inputs.file = file_;
  inputs.environment = config::process_environment();
  inputs.first_app = first_app;
  for (const Given& given : given_) {
    if (!given.value.empty()) inputs.flags.emplace_back(given.name, given.value);
  }
  return inputs;
}

}  // namespace fanfare::cli
