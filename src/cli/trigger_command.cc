#include <array>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/bytes.h"
#include "cli/api_call.h"
#include "cli/command.h"
#include "cli/connection_flags.h"
#include "cli/print.h"
#include "cli/trigger_request.h"

namespace fanfare::cli {

namespace {

constexpr std::size_t kInputBytesMax = 16 * kMiB;

constexpr const char* kExamples = R"(Examples:
  fanfare trigger my-channel hello '{"message":"hello world"}'
  fanfare trigger --channel orders --channel audit created '{"id":7}'
  fanfare trigger my-channel hello - < data.json
  fanfare trigger presence-room hello '{}' --info user_count)";

// What the command line says, at addresses that stay.
struct Trigger {
  explicit Trigger(CLI::App& command) : connection(command) {}

  ConnectionFlags connection;
  // Three single words and no list: CLI11 would take a list apart that looks like [1,2].
  std::array<std::optional<std::string>, 3> words;
  TriggerArguments arguments;
};

Result<std::string> read_input() {
  std::string text;
  char buffer[64 * kKiB];
  while (const std::size_t count = std::fread(buffer, 1, sizeof(buffer), stdin)) {
    if (count > kInputBytesMax - text.size()) return invalid("the data on standard input is larger than 16 MiB");
    text.append(buffer, count);
  }
  if (std::ferror(stdin) != 0) return Error{ErrorKind::kIo, "cannot read the data from standard input"};
  return text;
}

Result<std::string> publish(const Target& target, TriggerRequest request) {
  if (request.data == "-") {
    Result<std::string> input = read_input();
    if (!input.ok()) return input;
    request.data = *std::move(input);
  }
  Result<std::string> body = trigger_body(request);
  if (!body.ok()) return body;
  return call_api_blocking(target, {.method = "POST", .path = "/events", .parameters = {}, .body = *std::move(body)});
}

int run(Trigger& trigger) {
  for (const std::optional<std::string>& word : trigger.words) {
    if (word.has_value()) trigger.arguments.words.push_back(*word);
  }
  const Result<TriggerRequest> request = make_trigger_request(trigger.arguments);
  if (!request.ok()) return fail(request.error(), kUsageStatus);
  const Result<Target> target = trigger.connection.target();
  if (!target.ok()) return fail(target.error(), kUsageStatus);
  const Result<std::string> answer = publish(*target, *request);
  if (!answer.ok()) return fail(answer.error(), kFailedStatus);
  print_line(*answer);
  return 0;
}

}  // namespace

void add_trigger(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("trigger", "Publish an event: fanfare trigger CHANNEL EVENT DATA");
  command->footer(kExamples);
  auto trigger = std::make_shared<Trigger>(*command);
  command->add_option("CHANNEL", trigger->words[0], "Channel to publish to (left out when --channel names them)");
  command->add_option("EVENT", trigger->words[1], "Name of the event");
  command->add_option("DATA", trigger->words[2], "Data of the event, mostly JSON; - reads standard input");
  command->add_option("--channel", trigger->arguments.channels, "A channel; may be repeated")
      ->type_name("CHANNEL")
      ->allow_extra_args(false);
  command->add_option("--socket-id", trigger->arguments.socket_id, "A connection that does not get the event")
      ->type_name("ID");
  command->add_option("--info", trigger->arguments.info, "What to tell of the channels: user_count, subscription_count")
      ->type_name("LIST");
  command->callback([trigger, &action] { action = [trigger] { return run(*trigger); }; });
}

}  // namespace fanfare::cli
