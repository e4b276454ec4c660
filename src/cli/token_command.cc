#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>

#include "base/clock.h"
#include "cli/command.h"
#include "cli/print.h"
#include "cli/token_claims.h"
#include "config/load.h"
#include "jwt/mint.h"

namespace fanfare::cli {

namespace {

constexpr const char* kExamples = R"text(Examples:
  JWT_SECRET=… fanfare token 7 --role teacher --name Ida
  fanfare token 8 --role student --class 7b --class 8a --expires-in 60 --config fanfare.toml
  fanfare token backend --role service
  curl -H "Authorization: Bearer $(fanfare token 7 --role student)" …)text";

// What the command line says, at addresses that stay.
struct Token {
  TokenFlags flags;
  std::string secret;
  std::string file;
};

int run(const Token& token) {
  config::Inputs inputs{.environment = config::process_environment()};
  if (!token.file.empty()) inputs.file = token.file;
  const Result<config::Loaded> loaded = config::load(inputs);
  if (!loaded.ok()) return fail(loaded.error(), kUsageStatus);
  const jwt::JwtOptions& options = loaded->config.gateway.jwt;
  const std::string& secret = token.secret.empty() ? options.secret : token.secret;
  if (secret.empty()) {
    return fail(invalid("no secret: set JWT_SECRET, or [gateway] jwt_secret in the file that --config names. Tokens of "
                        "RS256 and ES256 are made by whoever has the private key"),
                kUsageStatus);
  }
  const auto now = std::chrono::duration_cast<std::chrono::seconds>(SystemClock().wall().time_since_epoch()).count();
  const Result<std::string> claims = token_claims(token.flags, options, now);
  if (!claims.ok()) return fail(claims.error(), kUsageStatus);
  print_line(jwt::mint_hs256(*claims, secret));
  return 0;
}

}  // namespace

void add_token(CLI::App& program, Action& action) {
  CLI::App* command = program.add_subcommand("token", "Make a token for development: fanfare token USER --role ROLE");
  command->footer(kExamples);
  auto token = std::make_shared<Token>();
  TokenFlags& flags = token->flags;
  command->add_option("USER", flags.user, "Id of the user")->required();
  command->add_option("--role", flags.role, "Role")->type_name("ROLE");
  command->add_option("--name", flags.name, "Name")->type_name("TEXT");
  command->add_option("--avatar", flags.avatar, "URL of the avatar")->type_name("URL");
  command->add_option("--class", flags.classes, "A class; may be repeated")->type_name("ID")->allow_extra_args(false);
  command->add_option("--watch", flags.watchlist, "Id of a user to watch; may be repeated")
      ->type_name("USER")
      ->allow_extra_args(false);
  command->add_option("--claim", flags.further, "A further claim, NAME=VALUE, JSON or text; may be repeated")
      ->type_name("CLAIM")
      ->allow_extra_args(false);
  command->add_option("--expires-in", flags.expires_in_s, "Seconds until it expires; below 0: it has")
      ->type_name("SECONDS")
      ->capture_default_str();
  command
      ->add_option("--secret", token->secret,
                   "Secret to sign with, which other users of this machine can see: better set JWT_SECRET")
      ->type_name("SECRET");
  command->add_option("-c,--config", token->file, "Configuration file with the secret and the names of claims")
      ->type_name("FILE");
  command->callback([token, &action] { action = [token] { return run(*token); }; });
}

}  // namespace fanfare::cli
