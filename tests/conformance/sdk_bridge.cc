// The C++ SDK as a program, so that the suites of other languages can hold their SDKs against it. Configured by
// PUSHER_…
//
//   authorize SOCKET_ID CHANNEL [CHANNEL_DATA]       what an auth endpoint answers
//   member SOCKET_ID CHANNEL USER_ID [USER_INFO]     the same for a presence channel
//   authenticate SOCKET_ID USER_DATA                 what a user auth endpoint answers
//   trigger CHANNEL EVENT DATA                       publishes
//   batch (CHANNEL EVENT DATA)...                    publishes in one request
//   webhook KEY SIGNATURE < BODY                     names of the events, one a line
//   sign-webhook < BODY                              its signature
//
// Exit status 1: the kind of the error on stdout, its text on stderr.
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "fanfare/fanfare.h"

namespace {

namespace sdk = fanfare::sdk;

using Arguments = std::vector<std::string>;

int fail(const sdk::Error& error) {
  std::cout << sdk::name_of(error.kind) << '\n';
  std::cerr << error.message << '\n';
  return 1;
}

template <typename Answer>
int print_json(const sdk::Result<Answer>& answer) {
  if (!answer.ok()) return fail(answer.error());
  std::cout << answer->to_json() << '\n';
  return 0;
}

template <typename Answer>
int print_done(const sdk::Result<Answer>& answer) {
  if (!answer.ok()) return fail(answer.error());
  std::cout << "{}\n";
  return 0;
}

std::string standard_input() {
  std::ostringstream text;
  text << std::cin.rdbuf();
  return text.str();
}

int authorize(sdk::Client& client, const Arguments& given) {
  if (given.size() == 2) return print_json(client.authorize_channel(given[0], given[1]));
  return print_json(client.authorizer().authorize_channel_with_data(given.at(0), given.at(1), given.at(2)));
}

int member(sdk::Client& client, const Arguments& given) {
  const sdk::PresenceMember member{.user_id = given.at(2), .user_info = given.size() > 3 ? given[3] : ""};
  return print_json(client.authorize_channel(given[0], given[1], member));
}

int authenticate(sdk::Client& client, const Arguments& given) {
  return print_json(client.authorizer().authenticate_user_with_data(given.at(0), given.at(1)));
}

int trigger(sdk::Client& client, const Arguments& given) {
  return print_done(client.trigger(given.at(0), given.at(1), given.at(2)));
}

int batch(sdk::Client& client, const Arguments& given) {
  std::vector<sdk::BatchEvent> events;
  for (std::size_t i = 0; i + 2 < given.size(); i += 3) {
    events.push_back({.channel = given[i], .name = given[i + 1], .data = given[i + 2]});
  }
  return print_done(client.trigger_batch(events));
}

int webhook(sdk::Client& client, const Arguments& given) {
  const std::string body = standard_input();
  const auto webhook = client.webhook({.key = given.at(0), .signature = given.at(1), .body = body});
  if (!webhook.ok()) return fail(webhook.error());
  for (const sdk::WebhookEvent& event : webhook->events) std::cout << sdk::name_of(event) << '\n';
  return 0;
}

int sign_webhook(sdk::Client& client, const Arguments&) {
  std::cout << sdk::sign_webhook(client.options().secret, standard_input()) << '\n';
  return 0;
}

const std::map<std::string, std::function<int(sdk::Client&, const Arguments&)>>& verbs() {
  static const std::map<std::string, std::function<int(sdk::Client&, const Arguments&)>> table{
      {"authorize", authorize}, {"member", member},   {"authenticate", authenticate}, {"trigger", trigger},
      {"batch", batch},         {"webhook", webhook}, {"sign-webhook", sign_webhook},
  };
  return table;
}

}  // namespace

int main(int argc, char** argv) {
  const auto verb = verbs().find(argc > 1 ? argv[1] : "");
  if (verb == verbs().end()) {
    std::cerr << "usage: fanfare_sdk_bridge VERB ...\n";
    return 2;
  }
  const auto options = sdk::Options::from_environment();
  if (!options.ok()) return fail(options.error());
  auto client = sdk::Client::create(*options);
  if (!client.ok()) return fail(client.error());
  return verb->second(*client, Arguments(argv + 2, argv + argc));
}
