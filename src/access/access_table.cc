#include "access/access_table.h"

#include <algorithm>

#include "pusher/channel_name.h"
#include "pusher/quote.h"

namespace fanfare::access {
namespace {

constexpr std::string_view kNoRule = "no access rule for this channel";

std::string_view verb(Action action) noexcept {
  switch (action) {
    case Action::kSubscribe:
      return "subscribe to";
    case Action::kTrigger:
      return "trigger on";
    case Action::kClientEvents:
      return "send client events on";
  }
  return "";
}

bool is_ordinary_channel(std::string_view channel) noexcept {
  return !channel.starts_with('#') && pusher::is_valid_channel_name(channel, channel.size());
}

Decision refused(std::string reason) { return {.allowed = false, .reason = std::move(reason)}; }

}  // namespace

const Grant& AccessTable::Rule::grant(Action action) const noexcept {
  switch (action) {
    case Action::kSubscribe:
      return subscribe;
    case Action::kTrigger:
      return trigger;
    case Action::kClientEvents:
      break;
  }
  return client_events;
}

Result<std::shared_ptr<const AccessTable>> AccessTable::build(const AccessOptions& options) {
  auto roles = RoleSet::build(options.roles, options.service_roles);
  if (!roles.ok()) return std::move(roles).error();
  if (options.rules.size() > kRulesMax) {
    return invalid(std::to_string(options.rules.size()) + " access rules, at most " + std::to_string(kRulesMax) +
                   " are allowed");
  }
  auto table = std::shared_ptr<AccessTable>(new AccessTable());
  table->roles_ = *std::move(roles);
  for (const RuleText& text : options.rules) {
    if (Status status = table->add(text); !status.ok()) return std::move(status).error();
  }
  // Stable: where nothing else decides, the one that was written first.
  std::ranges::stable_sort(table->rules_, [](const Rule& a, const Rule& b) { return a.pattern.precedes(b.pattern); });
  return std::shared_ptr<const AccessTable>(std::move(table));
}

Status AccessTable::add(const RuleText& text) {
  auto pattern = ChannelPattern::parse(text.channel);
  if (!pattern.ok()) return std::move(pattern).error();
  if (std::ranges::any_of(rules_, [&](const Rule& rule) { return rule.pattern.is_same_as(*pattern); })) {
    return invalid("channel \"" + pusher::shortened(text.channel) + "\" has two rules");
  }
  const auto named = [&](std::string_view what, const Error& error) {
    return Error{error.kind,
                 "channel \"" + pusher::shortened(text.channel) + "\", " + std::string(what) + ": " + error.message};
  };
  auto subscribe = Grant::parse(text.subscribe, *pattern, roles_);
  if (!subscribe.ok()) return named("subscribe", subscribe.error());
  auto trigger = Grant::parse(text.trigger, *pattern, roles_);
  if (!trigger.ok()) return named("trigger", trigger.error());
  auto client_events = Grant::parse(text.client_events, *pattern, roles_);
  if (!client_events.ok()) return named("client_events", client_events.error());
  rules_.push_back({.pattern = *std::move(pattern),
                    .subscribe = *std::move(subscribe),
                    .trigger = *std::move(trigger),
                    .client_events = *std::move(client_events)});
  return {};
}

AccessTable::Found AccessTable::find(std::string_view channel) const {
  for (const Rule& rule : rules_) {
    if (auto bindings = rule.pattern.match(channel)) return {.rule = &rule, .bindings = *std::move(bindings)};
  }
  return {};
}

Decision AccessTable::decide(Action action, const Subject& subject, std::string_view channel) const {
  if (!is_ordinary_channel(channel)) return refused("not a channel that access rules can open");
  if (roles_.is_service(subject.role)) {
    if (action == Action::kTrigger) return {.allowed = true};
    return refused("role " + subject.role + " may trigger only");
  }
  const Found found = find(channel);
  if (found.rule == nullptr) {
    if (action == Action::kSubscribe && !pusher::channel_traits(channel).needs_auth()) return {.allowed = true};
    return refused(std::string(kNoRule));
  }
  const Grant& grant = found.rule->grant(action);
  if (grant.admits(subject, found.bindings, roles_)) return {.allowed = true};
  if (grant.is_nobody()) return refused("nobody may " + std::string(verb(action)) + " this channel");
  return refused("needs " + grant.needs());
}

bool AccessTable::is_open(Action action, std::string_view channel) const {
  if (!is_ordinary_channel(channel)) return false;
  const Found found = find(channel);
  if (found.rule != nullptr) return found.rule->grant(action).is_anyone();
  return action == Action::kSubscribe && !pusher::channel_traits(channel).needs_auth();
}

ClientEventDemand AccessTable::client_event_demand(std::string_view channel) const {
  if (!is_ordinary_channel(channel)) return ClientEventDemand::kNobody;
  const Found found = find(channel);
  if (found.rule == nullptr || found.rule->client_events.is_nobody()) return ClientEventDemand::kNobody;
  return found.rule->client_events.admits_all_of(found.rule->subscribe, roles_) ? ClientEventDemand::kSubscription
                                                                                : ClientEventDemand::kRole;
}

std::vector<std::string> AccessTable::claim_names() const {
  std::vector<std::string> names;
  for (const Rule& rule : rules_) {
    for (const Action action : {Action::kSubscribe, Action::kTrigger, Action::kClientEvents}) {
      for (std::string& name : rule.grant(action).claim_names()) {
        if (name != "user_id" && std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
      }
    }
  }
  return names;
}

}  // namespace fanfare::access
