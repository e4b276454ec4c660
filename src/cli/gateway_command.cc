#include <memory>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/settings_flags.h"
#include "server/server.h"

namespace fanfare::cli {

void add_gateway(CLI::App& program, Action& action) {
  CLI::App* command =
      program.add_subcommand("gateway", "Run the realtime backend alone, in front of Fanfare or hosted Pusher");
  auto flags = std::make_shared<SettingsFlags>(*command);
  command->callback([flags, &action] {
    action = [flags] { return server::run_gateway_until_stopped(flags->inputs(config::FirstAppRule::kLoad)); };
  });
}

}  // namespace fanfare::cli
