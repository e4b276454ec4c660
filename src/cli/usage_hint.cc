#include "cli/usage_hint.h"

#include <vector>

#include "config/suggestion.h"

namespace fanfare::cli {

namespace {

const CLI::App& innermost(const CLI::App& program) {
  const CLI::App* app = &program;
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return *app;
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> commands_of(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

}  // namespace

std::string usage_hint(const CLI::App& program) {
  const CLI::App& app = innermost(program);
  const std::vector<std::string> words = app.remaining();
  if (words.empty()) return {};
  const bool is_flag = words.front().starts_with('-');
  const std::string word = words.front().substr(0, is_flag ? words.front().find('=') : std::string::npos);
  const std::vector<std::string> known = is_flag ? flags_of(app) : commands_of(app);
  const char* kind = is_flag ? "flag" : known.empty() ? "argument" : "command";
  return std::string("unknown ") + kind + " \"" + config::printable(word) + '"' + config::did_you_mean(word, known);
}

}  // namespace fanfare::cli
