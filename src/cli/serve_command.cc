#include <memory>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/settings_flags.h"
#include "server/server.h"

namespace fanfare::cli {

void add_serve(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("serve", "Run the server");
  auto flags = std::make_shared<SettingsFlags>(*command);
  command->callback([flags, &action] {
    action = [flags] { return server::run_until_stopped(flags->inputs(config::FirstAppRule::kLoadOrMake)); };
  });
}

}  // namespace fanfare::cli
