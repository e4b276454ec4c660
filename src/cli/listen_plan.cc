#include "cli/listen_plan.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "http/url.h"
#include "json/json_reader.h"
#include "pusher/channel_name.h"

namespace fanfare::cli {

namespace {

constexpr std::size_t kNameCharsMax = 1024;  // an app may widen the limit: the server knows it

Status check_channel(const std::string& channel, const ListenPlan& plan, bool has_secret) {
  const auto traits = pusher::parse_channel_name(channel, kNameCharsMax);
  if (!traits.ok()) return traits.error();
  if (traits->needs_auth() && !has_secret) {
    return invalid(channel +
                   " needs a signature, and the secret of the key is not known: set PUSHER_SECRET, or name the "
                   "server's file with --config");
  }
  if (traits->kind == pusher::ChannelKind::kServerToUser && channel != pusher::server_to_user_channel(plan.user)) {
    return invalid(channel + " is for its user only: sign in with --user " +
                   std::string(pusher::server_to_user_id(channel)));
  }
  return {};
}

}  // namespace

std::string presence_user_id_of(const ListenPlan& plan) {
  if (!plan.presence_user_id.empty()) return plan.presence_user_id;
  return plan.user.empty() ? "fanfare-listen" : plan.user;
}

Result<ListenPlan> prepare_plan(ListenPlan plan, bool has_secret) {
  if (!plan.user.empty()) {
    if (!has_secret) {
      return invalid(
          "--user needs a signature, and the secret of the key is not known: set PUSHER_SECRET, or name the "
          "server's file with --config");
    }
    plan.channels.insert(plan.channels.begin(), pusher::server_to_user_channel(plan.user));
  }
  if (plan.channels.empty()) return invalid("nothing to listen to: name a channel, or a user with --user");
  if (!plan.user_info.empty()) {
    json::Reader reader;
    if (const Status parsed = reader.parse(plan.user_info); !parsed.ok()) {
      return invalid("--user-info: " + parsed.error().message);
    }
    plan.user_info = json::compact(reader.root().raw);
  }
  std::vector<std::string> once;
  for (std::string& channel : plan.channels) {
    if (Status good = check_channel(channel, plan, has_secret); !good.ok()) return std::move(good).error();
    if (std::ranges::find(once, channel) == once.end()) once.push_back(std::move(channel));
  }
  plan.channels = std::move(once);
  return plan;
}

std::string connection_target(const std::string& key, const std::string& version) {
  return "/app/" + http::percent_encode(key) +
         "?protocol=7&client=fanfare-cli&version=" + http::percent_encode(version);
}

}  // namespace fanfare::cli
