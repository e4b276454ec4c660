// The commands of the program. Each registers its options with CLI11 and sets what to run.
#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace fanfare::cli {

// What the chosen command does; returns the exit status.
using Action = std::function<int()>;

void add_serve(CLI::App& program, Action& action);
void add_gateway(CLI::App& program, Action& action);
void add_token(CLI::App& program, Action& action);
void add_auth(CLI::App& program, Action& action);
void add_trigger(CLI::App& program, Action& action);
void add_listen(CLI::App& program, Action& action);
void add_channels(CLI::App& program, Action& action);
void add_bench(CLI::App& program, Action& action);
void add_doctor(CLI::App& program, Action& action);
void add_config(CLI::App& program, Action& action);
void add_version(CLI::App& program, Action& action);

}  // namespace fanfare::cli
