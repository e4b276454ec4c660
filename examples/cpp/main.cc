// A backend in one page: publishes an event, asks who is there, and signs a subscription.
//
//   fanfare serve                       # prints PUSHER_APP_ID, PUSHER_KEY and PUSHER_SECRET
//   export PUSHER_APP_ID=… PUSHER_KEY=… PUSHER_SECRET=… PUSHER_HOST=127.0.0.1 PUSHER_PORT=6001 PUSHER_SSL=false
//   fanfare_example orders order.created '{"n":1}'
//   fanfare_example --auth 218.4471 presence-room u7
#include <cstdio>
#include <string>
#include <string_view>

#include <fanfare/fanfare.h>

namespace sdk = fanfare::sdk;

namespace {

int fail(const sdk::Error& error) {
  std::fprintf(stderr, "%s: %s\n", sdk::name_of(error.kind), error.message.c_str());
  if (error.outcome_unknown) std::fputs("it may have happened all the same\n", stderr);
  return 1;
}

int publish(sdk::Client& client, const std::string& channel, const std::string& name, const std::string& data) {
  const auto sent = client.trigger({.channels = {channel}, .name = name, .data = data});
  if (!sent.ok()) return fail(sent.error());
  std::puts(sent->skipped ? "skipped: PUSHER_ENABLED is false" : "published");

  const auto occupied = client.channels();
  if (!occupied.ok()) return fail(occupied.error());
  for (const auto& [occupied_name, counts] : *occupied) std::printf("occupied: %s\n", occupied_name.c_str());
  return 0;
}

// What an auth endpoint answers, once it knows that this user may join.
int authorize(const sdk::Client& client, const std::string& socket_id, const std::string& channel,
              const std::string& user_id) {
  const auto answer = channel.starts_with("presence-")
                          ? client.authorize_channel(socket_id, channel, {.user_id = user_id})
                          : client.authorize_channel(socket_id, channel);
  if (!answer.ok()) return fail(answer.error());
  std::puts(answer->to_json().c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const bool is_auth = argc == 5 && std::string_view(argv[1]) == "--auth";
  if (argc != 4 && !is_auth) {
    std::fprintf(stderr, "usage: %s CHANNEL EVENT DATA | --auth SOCKET_ID CHANNEL USER_ID\n", argv[0]);
    return 2;
  }
  const auto options = sdk::Options::from_environment();
  if (!options.ok()) return fail(options.error());
  auto client = sdk::Client::create(*options);
  if (!client.ok()) return fail(client.error());
  return is_auth ? authorize(*client, argv[2], argv[3], argv[4]) : publish(*client, argv[1], argv[2], argv[3]);
}
