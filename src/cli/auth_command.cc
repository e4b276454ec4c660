#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/command.h"
#include "cli/connection_flags.h"
#include "cli/print.h"
#include "config/load.h"
#include "fanfare/auth.h"

namespace fanfare::cli {

namespace {

constexpr const char* kExamples = R"(Examples:
  fanfare auth 218.4471 private-orders                        what an auth endpoint would answer
  fanfare auth 218.4471 presence-room --user 7 --info '{"name":"Ida"}'
  fanfare auth 218.4471 --user 7 --info '{"role":"admin"}'    a sign-in (user authentication)
The socket id is the one that pusher:connection_established tells, pusher.connection.socket_id in pusher-js.)";

// What the command line says, at addresses that stay.
struct Auth {
  explicit Auth(CLI::App& command) : connection(command) {}

  ConnectionFlags connection;
  std::string socket_id;
  std::string channel;
  std::string user;
  std::string info;
};

Result<std::string> sign(const Auth& auth, const sdk::Authorizer& authorizer) {
  const auto refused = [](const sdk::Error& error) { return invalid(error.message); };
  if (auth.channel.empty()) {
    if (auth.user.empty()) return invalid("name a channel, or sign a user in with --user");
    const auto user = authorizer.authenticate_user(auth.socket_id, {.id = auth.user, .user_info = auth.info});
    return user.ok() ? Result<std::string>(user->to_json()) : refused(user.error());
  }
  const bool is_member = !auth.user.empty();
  if (!is_member && !auth.info.empty()) return invalid("--info is a user's: name it with --user");
  const auto channel = is_member ? authorizer.authorize_channel(auth.socket_id, auth.channel,
                                                                {.user_id = auth.user, .user_info = auth.info})
                                 : authorizer.authorize_channel(auth.socket_id, auth.channel);
  return channel.ok() ? Result<std::string>(channel->to_json()) : refused(channel.error());
}

Result<std::optional<sdk::MasterKey>> master_key() {
  const std::vector<config::NamedText> environment = config::process_environment();
  for (const auto& [name, value] : environment) {
    if (name != "PUSHER_ENCRYPTION_MASTER_KEY_BASE64" || value.empty()) continue;
    auto key = sdk::MasterKey::from_base64(value);
    if (!key.ok()) return invalid(name + ": " + key.error().message);
    return std::optional<sdk::MasterKey>(*key);
  }
  return std::optional<sdk::MasterKey>();
}

int run(const Auth& auth) {
  const Result<Target> target = auth.connection.target();
  if (!target.ok()) return fail(target.error(), kUsageStatus);
  if (target->secret.empty())
    return fail(invalid("no secret is known: set PUSHER_SECRET, or name the file with --config"), kUsageStatus);
  const Result<std::optional<sdk::MasterKey>> key = master_key();
  if (!key.ok()) return fail(key.error(), kUsageStatus);
  const Result<std::string> signature =
      sign(auth, sdk::Authorizer({.key = target->key, .secret = target->secret}, *key));
  if (!signature.ok()) return fail(signature.error(), kUsageStatus);
  print_line(*signature);
  return 0;
}

}  // namespace

void add_auth(CLI::App& program, Action& action) {
  CLI::App* command =
      program.add_subcommand("auth", "Sign a subscription or a sign-in by hand: fanfare auth SOCKET_ID CHANNEL");
  command->footer(kExamples);
  auto auth = std::make_shared<Auth>(*command);
  command->add_option("SOCKET_ID", auth->socket_id, "The connection's socket id")->required();
  command->add_option("CHANNEL", auth->channel, "Private, presence or encrypted channel; without one a sign-in");
  command->add_option("--user", auth->user, "Id of the member, or of the user who signs in")->type_name("ID");
  command->add_option("--info", auth->info, "user_info, JSON")->type_name("JSON");
  command->callback([auth, &action] { action = [auth] { return run(*auth); }; });
}

}  // namespace fanfare::cli
