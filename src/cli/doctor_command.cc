#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/print.h"
#include "cli/settings_flags.h"
#include "config/load.h"
#include "doctor/doctor.h"
#include "doctor/host_reader.h"
#include "doctor/report.h"
#include "doctor/server_checks.h"

namespace fanfare::cli {

namespace {

constexpr const char* kNotes = R"(Examples:
  fanfare doctor --config /etc/fanfare/fanfare.toml --connections 100000
  sudo -u fanfare fanfare doctor --config /etc/fanfare/fanfare.toml
  fanfare doctor --pid $(systemctl show --property MainPID --value fanfare)
Run it as the server's user. Limits are those of this shell; --pid takes those of a server that runs.
Exit status: 0 nothing fails, 1 something fails, 2 the command line is wrong. See docs/capacity.md.)";

// What the command line says, at addresses that stay.
struct DoctorFlags {
  explicit DoctorFlags(CLI::App& command) : settings(command) {}

  SettingsFlags settings;
  std::optional<std::uint64_t> connections;
  std::optional<std::uint32_t> pid;
  std::string root;
  bool json = false;
};

int run(const DoctorFlags& flags) {
  const std::string process = flags.pid ? std::to_string(*flags.pid) : "self";
  if (!std::filesystem::exists(flags.root + "/proc/" + process)) {
    return fail({ErrorKind::kNotFound, "there is no " + flags.root + "/proc/" + process}, kUsageStatus);
  }
  const Result<config::Loaded> loaded = config::load(flags.settings.inputs(config::FirstAppRule::kLoad));
  // Without a good configuration the host is held against the defaults.
  const config::Config config = loaded.ok() ? loaded->config : config::Config();
  const doctor::Plan plan = doctor::plan_of(config, flags.connections);
  std::vector<doctor::Check> checks{doctor::check_configuration(loaded)};
  if (loaded.ok()) {
    const bool keeps_first_app = config.apps.empty() || loaded->first_app.has_value();
    checks.push_back(doctor::check_data_folder(doctor::find_folder(config.server.data_dir), keeps_first_app));
    checks.push_back(doctor::check_io_engine(config.net.io_engine, doctor::find_io_uring_refusal()));
    // A server that runs has its ports.
    if (!flags.pid) {
      for (const doctor::PortFound& port : doctor::find_ports(config)) checks.push_back(doctor::check_port(port));
    }
  }
  for (doctor::Check& check : doctor::check_host(plan, doctor::read_host(flags.root, process))) {
    checks.push_back(std::move(check));
  }
  print_line(flags.json ? doctor::report_json(plan, checks) : doctor::report_text(plan, checks));
  return doctor::worst_of(checks) == doctor::Verdict::kFail ? kFailedStatus : 0;
}

}  // namespace

void add_doctor(CLI::App& program, Action& action) {
  constexpr std::uint64_t kConnectionsMax = 100'000'000;
  CLI::App* command = program.add_subcommand("doctor", "Check whether this host can carry the connections you want");
  auto flags = std::make_shared<DoctorFlags>(*command);
  command
      ->add_option("--connections", flags->connections,
                   "Client connections to check for; default: what the configuration allows, else 10000")
      ->type_name("N")
      ->check(CLI::Range(std::uint64_t{1}, kConnectionsMax));
  command->add_option("--pid", flags->pid, "Check the limits of this process, not of the doctor's own")
      ->type_name("PID")
      ->check(CLI::Range(1U, 1U << 30U));
  command->add_option("--root", flags->root, "Read /proc and /sys below this folder")->type_name("DIR");
  command->add_flag("--json", flags->json, "The report as JSON");
  command->footer(kNotes);
  command->callback([flags, &action] { action = [flags] { return run(*flags); }; });
}

}  // namespace fanfare::cli
