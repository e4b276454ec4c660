// What to say of a word on the command line that nothing takes.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace fanfare::cli {

// 'unknown command "trigge", did you mean "trigger"?' for the first word that `program`, or the subcommand it got to,
// could do nothing with; empty when there was none. Call after parse() has failed.
std::string usage_hint(const CLI::App& program);

}  // namespace fanfare::cli
