// AccessTable: who may do what on which channel. Read by the gateway and by `fanfare serve`.
//
// The rule that decides about a channel is the first by ChannelPattern::precedes() among those that match its name.
// Without one:
//   subscribe      public channels are open, private and presence channels closed to everyone
//   trigger        closed to everyone
//   client events  closed to everyone
// Whatever the rules say, a service role may trigger on every channel and subscribe to none; and "#server-to-user-…"
// channels and names that are not valid are closed to everyone.
//
//   auto table = AccessTable::build(options);
//   Decision decision = table->decide(Action::kSubscribe, {.user_id = "7", .role = "student"}, "private-teacher");
//   // decision.allowed == false, decision.reason == "needs role teacher"
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/channel_pattern.h"
#include "access/grant.h"
#include "access/options.h"
#include "access/role_set.h"
#include "access/subject.h"
#include "base/result.h"

namespace fanfare::access {

enum class Action : std::uint8_t { kSubscribe, kTrigger, kClientEvents };

struct [[nodiscard]] Decision {
  bool allowed = false;
  std::string reason{};  // empty if allowed; "needs role teacher", fit for the one who asked: no names of other users
};

// What a client event on a private or presence channel takes.
enum class ClientEventDemand : std::uint8_t {
  kNobody,        // refused to everyone: the rule says so, or there is none
  kSubscription,  // whoever may subscribe: being subscribed suffices
  kRole,          // more than the subscription took: ask decide(kClientEvents, …)
};

// Immutable once built; shared by the loops. Thread: any.
// Cost: a hash look-up for exact names, then linear in the patterns. Allocates for bindings and refusals only.
class AccessTable {
 public:
  // Fails: kInvalid, and names the rule and what is wrong with it: see RoleSet, ChannelPattern and Grant; a channel
  //        given twice; more than kRulesMax rules.
  static Result<std::shared_ptr<const AccessTable>> build(const AccessOptions& options);

  Decision decide(Action action, const Subject& subject, std::string_view channel) const;

  // Whether everyone may, without an identity: what `fanfare serve` need not hold a subscription for.
  bool is_open(Action action, std::string_view channel) const;
  ClientEventDemand client_event_demand(std::string_view channel) const;

  const RoleSet& roles() const noexcept { return roles_; }
  // Claims that some rule asks for, beyond user_id: what has to be read from a token.
  std::vector<std::string> claim_names() const;

 private:
  struct Rule {
    ChannelPattern pattern;
    Grant subscribe;
    Grant trigger;
    Grant client_events;
    const Grant& grant(Action action) const noexcept;
  };
  struct Found {
    const Rule* rule = nullptr;  // null: none
    Bindings bindings;
  };

  AccessTable() = default;
  Status add(const RuleText& text);
  Found find(std::string_view channel) const;

  RoleSet roles_;
  std::vector<Rule> rules_;  // in the order in which they decide
};

}  // namespace fanfare::access
