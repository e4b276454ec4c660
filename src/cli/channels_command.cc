#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/api_call.h"
#include "cli/channel_table.h"
#include "cli/command.h"
#include "cli/connection_flags.h"
#include "cli/print.h"
#include "pusher/channel_name.h"

namespace fanfare::cli {

namespace {

constexpr std::size_t kNameCharsMax = 1024;  // an app may widen the limit: the server knows it

constexpr const char* kExamples = R"(Examples:
  fanfare channels                                           all occupied channels
  fanfare channels --prefix presence- --info user_count      those that begin so, with their users' count
  fanfare channels presence-room --info user_count           one channel
  fanfare channels presence-room --users                     who is in it
  fanfare channels --json                                    the server's answer as it is)";

// What the command line says, at addresses that stay.
struct Channels {
  explicit Channels(CLI::App& command) : connection(command) {}

  ConnectionFlags connection;
  std::string channel;
  std::string prefix;
  std::string info;
  bool users = false;
  bool json = false;
};

Result<ApiCall> call_of(const Channels& channels) {
  ApiCall call{.method = "GET", .path = "/channels", .parameters = {}, .body = {}};
  if (channels.channel.empty() && channels.users) return invalid("--users: name the channel");
  if (!channels.channel.empty()) {
    const auto traits = pusher::parse_channel_name(channels.channel, kNameCharsMax);
    if (!traits.ok()) return traits.error();
    if (!channels.prefix.empty()) return invalid("--prefix goes with the list of channels, not with one channel");
    call.path += "/" + channels.channel;
  }
  if (channels.users) {
    if (!channels.info.empty()) return invalid("--info does not go with --users");
    call.path += "/users";
  }
  if (!channels.prefix.empty()) call.parameters.emplace_back("filter_by_prefix", channels.prefix);
  if (!channels.info.empty()) call.parameters.emplace_back("info", channels.info);
  return call;
}

Result<std::string> table_of(const Channels& channels, const std::string& answer) {
  if (channels.users) return users_table(channels.channel, answer);
  return channels.channel.empty() ? channels_table(answer) : channel_table(channels.channel, answer);
}

int run(const Channels& channels) {
  const Result<ApiCall> call = call_of(channels);
  if (!call.ok()) return fail(call.error(), kUsageStatus);
  const Result<Target> target = channels.connection.target();
  if (!target.ok()) return fail(target.error(), kUsageStatus);
  const Result<std::string> answer = call_api_blocking(*target, *call);
  if (!answer.ok()) return fail(answer.error(), kFailedStatus);
  if (channels.json) {
    print_line(*answer);
    return 0;
  }
  const Result<std::string> table = table_of(channels, *answer);
  if (!table.ok()) return fail(table.error(), kFailedStatus);
  print_line(*table);
  return 0;
}

}  // namespace

void add_channels(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("channels", "Show the occupied channels, one of them, or its users");
  command->footer(kExamples);
  auto channels = std::make_shared<Channels>(*command);
  command->add_option("CHANNEL", channels->channel, "One channel instead of the list");
  command->add_option("--prefix", channels->prefix, "Only channels whose names begin so")->type_name("PREFIX");
  command
      ->add_option("--info", channels->info,
                   "Attributes to show: user_count; of one channel subscription_count, cache, too")
      ->type_name("LIST");
  command->add_flag("--users", channels->users, "The users in a presence channel");
  command->add_flag("--json", channels->json, "The server's answer as it is");
  command->callback([channels, &action] { action = [channels] { return run(*channels); }; });
}

}  // namespace fanfare::cli
