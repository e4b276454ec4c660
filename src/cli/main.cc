// The program: one binary with its commands.
#include <cstdio>
#include <exception>
#include <string>

#include <CLI/CLI.hpp>

#include "base/startup_error.h"
#include "cli/command.h"
#include "cli/usage_hint.h"

namespace {

constexpr int kUsage = 2;

int run(int argc, char** argv) {
  CLI::App program{"Fanfare: a self-hosted realtime server, compatible with Pusher Channels", "fanfare"};
  program.require_subcommand(1);
  fanfare::cli::Action action;
  fanfare::cli::add_serve(program, action);
  fanfare::cli::add_gateway(program, action);
  fanfare::cli::add_trigger(program, action);
  fanfare::cli::add_listen(program, action);
  fanfare::cli::add_channels(program, action);
  fanfare::cli::add_bench(program, action);
  fanfare::cli::add_token(program, action);
  fanfare::cli::add_auth(program, action);
  fanfare::cli::add_doctor(program, action);
  fanfare::cli::add_config(program, action);
  fanfare::cli::add_version(program, action);
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const std::string hint = error.get_exit_code() == 0 ? std::string() : fanfare::cli::usage_hint(program);
    if (!hint.empty()) {
      std::fprintf(stderr, "fanfare: %s\nRun with --help for more information.\n", hint.c_str());
      return kUsage;
    }
    return program.exit(error) == 0 ? 0 : kUsage;
  }
  return action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const fanfare::StartupError& error) {
    std::fprintf(stderr, "fanfare: %s\n", error.what());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fanfare: unexpected: %s\n", error.what());
  }
  return kUsage;
}
