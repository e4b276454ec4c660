#include "session/access_check.h"

#include "access/access_table.h"
#include "core/home.h"
#include "json/json_reader.h"
#include "session/session.h"

namespace fanfare::session {

std::string role_in(std::string_view user_info) {
  thread_local json::Reader reader;
  if (user_info.empty() || !reader.parse_object(user_info).ok()) return {};
  const json::Value* role = reader.find("role");
  return role != nullptr && role->is_string() ? std::string(role->text) : std::string();
}

bool has_subscribe_rule(const Session& session, std::string_view channel) {
  const access::AccessTable* rules = session.app().access.get();
  return rules != nullptr && !rules->is_open(access::Action::kSubscribe, channel);
}

std::string subscribe_refusal(const Session& session, std::string_view channel) {
  if (!has_subscribe_rule(session, channel)) return {};
  access::Subject subject;
  if (const UserState* user = session.user()) subject = {.user_id = user->id, .role = user->role};
  return session.app().access->decide(access::Action::kSubscribe, subject, channel).reason;
}

std::string client_event_refusal(const Session& session, std::string_view channel,
                                 const core::Subscription& subscription) {
  const access::AccessTable* rules = session.app().access.get();
  if (rules == nullptr || rules->client_event_demand(channel) == access::ClientEventDemand::kSubscription) return {};
  access::Subject subject;
  if (const UserState* user = session.user()) {
    subject = {.user_id = user->id, .role = user->role};
  } else if (subscription.member != nullptr) {
    subject = {.user_id = std::string(subscription.member->user_id()),
               .role = std::string(subscription.member->role())};
  }
  return rules->decide(access::Action::kClientEvents, subject, channel).reason;
}

}  // namespace fanfare::session
