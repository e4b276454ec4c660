#include <cstdint>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/connection_flags.h"
#include "cli/listener.h"
#include "cli/print.h"

namespace fanfare::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  fanfare listen my-channel
  fanfare listen orders audit --event created --count 10
  fanfare listen private-orders --json
  fanfare listen presence-room --user-id ida --user-info '{"name":"Ida"}'
  fanfare listen --user ida                    what is sent to a signed-in user
Channels that need a signature are signed with the app's secret. Events of encrypted channels are shown encrypted.
Ctrl-C stops.)";

// What the command line says, at addresses that stay.
struct Listen {
  explicit Listen(CLI::App& command) : connection(command) {}

  ConnectionFlags connection;
  ListenPlan plan;
  std::string event;        // empty: all
  std::uint64_t count = 0;  // 0: no end
  std::uint64_t printed = 0;
  bool json = false;
};

bool print_event(Listen& listen, const ReceivedEvent& event) {
  if (!listen.event.empty() && event.event != listen.event) return true;
  const WallTime time = SystemClock().wall();
  print_line(listen.json ? json_line_of(event, time) : line_of(event, time));
  return ++listen.printed != listen.count;
}

int run(Listen& listen) {
  const Result<Target> target = listen.connection.target();
  if (!target.ok()) return fail(target.error(), kUsageStatus);
  const Result<ListenPlan> plan = prepare_plan(listen.plan, !target->secret.empty());
  if (!plan.ok()) return fail(plan.error(), kUsageStatus);
  const StopSignal stop;
  Listener listener(*target, *plan, FANFARE_VERSION,
                    [&listen](const ReceivedEvent& event) { return print_event(listen, event); });
  return listener.run(stop);
}

}  // namespace

void add_listen(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("listen", "Subscribe to channels and print their events");
  command->footer(kExamples);
  auto listen = std::make_shared<Listen>(*command);
  command->add_option("CHANNEL", listen->plan.channels, "Channels of any kind");
  command->add_option("--event", listen->event, "Only events of this name")->type_name("NAME");
  command->add_option("--count", listen->count, "Stop after so many printed events")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  command->add_flag("--json", listen->json, "One JSON object a line");
  command->add_option("--user", listen->plan.user, "Sign in as this user first")->type_name("ID");
  command
      ->add_option("--user-id", listen->plan.presence_user_id,
                   "Member to be in presence channels; else --user, fanfare-listen")
      ->type_name("ID");
  command->add_option("--user-info", listen->plan.user_info, "What presence channels tell of the member")
      ->type_name("JSON");
  command->callback([listen, &action] { action = [listen] { return run(*listen); }; });
}

}  // namespace fanfare::cli
