#include "access/grant.h"

#include <algorithm>

#include "pusher/quote.h"

namespace fanfare::access {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The values of `claim`, as the subject has them.
bool holds(const Subject& subject, std::string_view claim, std::string_view value) {
  if (value.empty()) return false;
  if (claim == "user_id") return subject.user_id == value;
  return std::ranges::any_of(subject.claims, [&](const Claim& own) {
    return own.name == claim && std::ranges::find(own.values, value) != own.values.end();
  });
}

}  // namespace

Result<Grant> Grant::parse(std::string_view text, const ChannelPattern& pattern, const RoleSet& roles) {
  Grant grant;
  if (trimmed(text).empty() || trimmed(text) == "nobody") return grant;
  for (bool more = true; more;) {
    const std::size_t comma = text.find(',');
    const std::string_view term = trimmed(text.substr(0, comma));
    more = comma != std::string_view::npos;
    text.remove_prefix(more ? comma + 1 : text.size());

    const std::size_t equals = term.find('=');
    if (equals != std::string_view::npos) {
      const std::string_view claim = trimmed(term.substr(0, equals));
      const std::string_view variable = trimmed(term.substr(equals + 1));
      if (claim.empty() || variable.size() < 3 || variable.front() != '{' || variable.back() != '}') {
        return invalid("\"" + pusher::shortened(term) + "\": expected claim={variable}");
      }
      const std::string_view name = variable.substr(1, variable.size() - 2);
      if (!pattern.has_variable(name)) {
        return invalid("\"" + pusher::shortened(term) + "\": the channel has no variable " + std::string(variable));
      }
      grant.claims_.push_back({.claim = std::string(claim), .variable = std::string(name)});
    } else if (term == "anyone") {
      grant.is_anyone_ = true;
    } else if (roles.knows(term)) {
      grant.roles_.emplace_back(term);
    } else {
      return invalid("\"" + pusher::shortened(term) + "\" is none of the roles, expected one of them, \"anyone\", " +
                     "\"nobody\" alone, or claim={variable}");
    }
  }
  return grant;
}

bool Grant::admits(const Subject& subject, const Bindings& bindings, const RoleSet& roles) const {
  if (is_anyone_) return true;
  for (const std::string& role : roles_) {
    if (roles.covers(subject.role, role)) return true;
  }
  return std::ranges::any_of(claims_, [&](const ClaimMatch& match) {
    return std::ranges::any_of(bindings, [&](const Binding& binding) {
      return binding.variable == match.variable && holds(subject, match.claim, binding.value);
    });
  });
}

bool Grant::admits_all_of(const Grant& other, const RoleSet& roles) const {
  if (is_anyone_) return true;
  if (other.is_anyone_) return false;
  const bool has_roles = std::ranges::all_of(other.roles_, [&](const std::string& admitted) {
    return std::ranges::any_of(roles_, [&](const std::string& role) { return roles.covers(admitted, role); });
  });
  return has_roles && std::ranges::all_of(other.claims_, [&](const ClaimMatch& match) {
           return std::ranges::find(claims_, match) != claims_.end();
         });
}

std::string Grant::needs() const {
  std::string text;
  const auto begin_term = [&] { text += text.empty() ? "" : " or "; };
  if (is_anyone_) return text;
  for (const std::string& role : roles_) {
    begin_term();
    text += "role " + role;
  }
  for (const ClaimMatch& match : claims_) {
    begin_term();
    text += "the channel's {" + match.variable + "} in " + match.claim;
  }
  return text;
}

std::vector<std::string> Grant::claim_names() const {
  std::vector<std::string> names;
  for (const ClaimMatch& match : claims_) names.push_back(match.claim);
  return names;
}

}  // namespace fanfare::access
