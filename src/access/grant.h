// Grant: to whom one action on a channel is open, as alternatives.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/channel_pattern.h"
#include "access/role_set.h"
#include "access/subject.h"
#include "base/result.h"

namespace fanfare::access {

// Immutable. Thread: any.
class Grant {
 public:
  // `text` as RuleText has it; variables are those of `pattern`.
  // Fails: kInvalid for a role that `roles` does not know, a variable that `pattern` does not have, and the form.
  static Result<Grant> parse(std::string_view text, const ChannelPattern& pattern, const RoleSet& roles);

  bool admits(const Subject& subject, const Bindings& bindings, const RoleSet& roles) const;
  bool is_anyone() const noexcept { return is_anyone_; }
  bool is_nobody() const noexcept { return !is_anyone_ && roles_.empty() && claims_.empty(); }
  // Whether whomever `other` admits is admitted here too, whatever the name and the claims.
  bool admits_all_of(const Grant& other, const RoleSet& roles) const;

  // "role admin or user_id as in the channel's name", what a refusal says is needed; empty for nobody and anyone.
  std::string needs() const;
  // Names of the claims that decide here.
  std::vector<std::string> claim_names() const;

 private:
  struct ClaimMatch {
    std::string claim;
    std::string variable;
    friend bool operator==(const ClaimMatch&, const ClaimMatch&) = default;
  };

  bool is_anyone_ = false;
  std::vector<std::string> roles_;
  std::vector<ClaimMatch> claims_;
};

}  // namespace fanfare::access
