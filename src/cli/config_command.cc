#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/settings_flags.h"
#include "config/describe.h"
#include "config/load.h"
#include "config/show.h"

namespace fanfare::cli {

namespace {

constexpr int kFaulty = 2;

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

int check(const SettingsFlags& flags) {
  const Result<config::Loaded> loaded = config::load(flags.inputs(config::FirstAppRule::kLoad));
  if (!loaded.ok()) {
    std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
    return kFaulty;
  }
  print("The configuration is good: " + std::to_string(loaded->config.apps.size()) + " app(s)" +
        (loaded->file.empty() ? ", no file" : ", " + loaded->file) + ".\n");
  return 0;
}

int show(const SettingsFlags& flags) {
  const Result<config::Loaded> loaded = config::load(flags.inputs(config::FirstAppRule::kLoad));
  if (!loaded.ok()) {
    std::fprintf(stderr, "%s\n", loaded.error().message.c_str());
    return kFaulty;
  }
  print(config::show(*loaded));
  return 0;
}

void add_loading(CLI::App& parent, const char* name, const char* help, int (*run)(const SettingsFlags&),
                 Action& action) {
  CLI::App* command = parent.add_subcommand(name, help);
  auto flags = std::make_shared<SettingsFlags>(*command);
  command->callback([flags, run, &action] { action = [flags, run] { return run(*flags); }; });
}

}  // namespace

void add_config(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("config", "Check, show or describe the configuration");
  command->require_subcommand(1);
  add_loading(*command, "check", "Say what is wrong with the configuration, all at once", check, action);
  add_loading(*command, "show", "Print the configuration in force, secrets redacted", show, action);
  command->add_subcommand("describe", "Print the reference of all settings (Markdown)")->callback([&action] {
    action = [] {
      print(config::describe());
      return 0;
    };
  });
}

}  // namespace fanfare::cli
