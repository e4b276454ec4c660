// Subject: who asks, as far as the rules care.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace fanfare::access {

struct Claim {
  std::string name;                 // "classes"
  std::vector<std::string> values;  // one for a text, each element of a list
};

// Empty members are claims that the asker does not have; they match nothing, an empty variable neither.
struct Subject {
  std::string user_id{};
  std::string role{};           // one that the table does not know grants nothing beyond "anyone" and claims
  std::vector<Claim> claims{};  // further ones that rules name; "user_id" is the member above
};

}  // namespace fanfare::access
