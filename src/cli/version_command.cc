#include <cstdio>

#include <CLI/CLI.hpp>

#include "cli/command.h"

namespace fanfare::cli {

void add_version(CLI::App& program, Action& action) {
  program.add_subcommand("version", "Print the version")->callback([&action] {
    action = [] {
      std::printf("fanfare %s (Pusher Channels protocol 7)\n", FANFARE_VERSION);
      return 0;
    };
  });
}

}  // namespace fanfare::cli
