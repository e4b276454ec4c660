#include "cli/connection_flags.h"

#include <CLI/CLI.hpp>

namespace fanfare::cli {

namespace {
constexpr int kPortMax = 65'535;
constexpr const char* kGroup = "Connection";
}  // namespace

ConnectionFlags::ConnectionFlags(CLI::App& command) {
  command.add_option("--host", given_.host, "Server's host; else PUSHER_HOST, the configuration, 127.0.0.1")
      ->type_name("HOST")
      ->group(kGroup);
  command.add_option("--port", given_.port, "Server's port; else PUSHER_PORT, the configuration, 6001")
      ->type_name("PORT")
      ->check(CLI::Range(1, kPortMax))
      ->group(kGroup);
  command.add_option("--app-id", given_.app_id, "App's id; else PUSHER_APP_ID, the configuration")
      ->type_name("ID")
      ->group(kGroup);
  command.add_option("--key", given_.key, "App's key; else PUSHER_KEY, the configuration")
      ->type_name("KEY")
      ->group(kGroup);
  command
      .add_option(
          "--secret", given_.secret,
          "App's secret, which other users of this machine can see: better set PUSHER_SECRET; else the configuration")
      ->type_name("SECRET")
      ->group(kGroup);
  command
      .add_option(
          "-c,--config", given_.file,
          "Server's configuration file, whose first app is used; else FANFARE_CONFIG, or the app that `fanfare serve` "
          "made on this machine")
      ->type_name("FILE")
      ->group(kGroup);
}

Result<Target> ConnectionFlags::target() const { return find_target(given_, config::process_environment()); }

}  // namespace fanfare::cli
