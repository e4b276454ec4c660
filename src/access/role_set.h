// RoleSet: the roles, ordered, and those that stand beside the order.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fanfare::access {

// Immutable. Thread: any. Names are compared whole, case and all: "Admin" is not "admin".
class RoleSet {
 public:
  RoleSet() = default;
  // `ordered` lowest first.
  // Fails: kInvalid for no role at all, more than kRolesMax, a name given twice, a name that is a word of the rules
  //        ("anyone", "nobody") or has characters other than A-Za-z0-9_-. or more than 64 of them.
  static Result<RoleSet> build(std::span<const std::string> ordered, std::span<const std::string> services);

  // Its place in the order, from 0; empty: unknown, or beside the order.
  std::optional<std::size_t> rank(std::string_view role) const noexcept;
  bool is_service(std::string_view role) const noexcept;
  bool knows(std::string_view role) const noexcept { return rank(role).has_value() || is_service(role); }
  // Whether who has `role` has at least `needed`: the same or one above it in the order; a service only itself.
  bool covers(std::string_view role, std::string_view needed) const noexcept;

  std::span<const std::string> ordered() const noexcept { return ordered_; }

 private:
  std::vector<std::string> ordered_;
  std::vector<std::string> services_;
};

}  // namespace fanfare::access
