#include "access/role_set.h"

#include <algorithm>
#include <unordered_set>

#include "access/options.h"
#include "pusher/quote.h"

namespace fanfare::access {
namespace {

constexpr std::size_t kRoleCharsMax = 64;

bool is_role_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

Status check_name(std::string_view role) {
  const std::string quoted = "role \"" + pusher::shortened(role, kRoleCharsMax) + "\"";
  if (role.empty()) return invalid("a role's name is empty");
  if (role.size() > kRoleCharsMax) {
    return invalid(quoted + " is longer than " + std::to_string(kRoleCharsMax) + " characters");
  }
  if (!std::ranges::all_of(role, is_role_char)) {
    return invalid(quoted + " has characters other than A-Za-z0-9_-.");
  }
  if (role == "anyone" || role == "nobody") return invalid(quoted + " is a word of the rules");
  return {};
}

}  // namespace

Result<RoleSet> RoleSet::build(std::span<const std::string> ordered, std::span<const std::string> services) {
  if (ordered.empty()) return invalid("expected at least one role");
  if (ordered.size() + services.size() > kRolesMax) {
    return invalid(std::to_string(ordered.size() + services.size()) + " roles, at most " + std::to_string(kRolesMax) +
                   " are allowed");
  }
  std::unordered_set<std::string_view> seen;
  for (const auto names : {ordered, services}) {
    for (const std::string& name : names) {
      if (Status status = check_name(name); !status.ok()) return std::move(status).error();
      if (!seen.insert(name).second) return invalid("role \"" + name + "\" is given twice");
    }
  }
  RoleSet roles;
  roles.ordered_.assign(ordered.begin(), ordered.end());
  roles.services_.assign(services.begin(), services.end());
  return roles;
}

std::optional<std::size_t> RoleSet::rank(std::string_view role) const noexcept {
  const auto found = std::ranges::find(ordered_, role);
  if (found == ordered_.end()) return std::nullopt;
  return static_cast<std::size_t>(found - ordered_.begin());
}

bool RoleSet::is_service(std::string_view role) const noexcept {
  return std::ranges::find(services_, role) != services_.end();
}

bool RoleSet::covers(std::string_view role, std::string_view needed) const noexcept {
  if (is_service(needed)) return role == needed;
  const auto has = rank(role);
  const auto needs = rank(needed);
  return has && needs && *has >= *needs;
}

}  // namespace fanfare::access
