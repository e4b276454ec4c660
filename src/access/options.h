// The access rules as their author writes them: what `config` reads and AccessTable::build() checks.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace fanfare::access {

// A rule's grants are alternatives, with commas between them; empty or "nobody" grants to nobody:
//   anyone               everyone, without an identity too
//   teacher              that role and those above it; a role beside the hierarchy: that role alone
//   user_id={user_id}    who has what stands in the channel's name at {user_id} as that claim, or among its values
struct RuleText {
  std::string channel;        // an exact name, or a pattern: "private-user-{user_id}"
  std::string subscribe;      // "user_id={user_id}, admin"
  std::string trigger;        // publish through the gateway
  std::string client_events;  // private and presence channels only

  friend bool operator==(const RuleText&, const RuleText&) = default;
};

struct AccessOptions {
  std::vector<std::string> roles = {"student", "teacher", "admin"};  // lowest first
  // Backends, beside the hierarchy: may trigger on every channel and subscribe to none.
  std::vector<std::string> service_roles = {"service"};
  std::vector<RuleText> rules{};  // shipped_rules() unless the configuration has its own

  friend bool operator==(const AccessOptions&, const AccessOptions&) = default;
};

inline constexpr std::size_t kRolesMax = 64;
inline constexpr std::size_t kRulesMax = 1'000;

}  // namespace fanfare::access
