// What `fanfare listen` is to subscribe to, and as whom. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace fanfare::cli {

struct ListenPlan {
  std::vector<std::string> channels{};  // each once after prepare_plan()
  std::string user{};                   // signs in as this user first; empty: does not sign in
  std::string presence_user_id{};       // empty: as `user`, else "fanfare-listen"
  std::string user_info{};              // JSON, of the member and of the user; empty: none
};

// The member that presence channels see.
std::string presence_user_id_of(const ListenPlan& plan);

// Takes repeated channels out and adds the user's own one.
// Fails: kInvalid for a name that cannot be, user info that is not JSON, nothing to listen to, a channel that needs a
//        signature when there is no secret.
Result<ListenPlan> prepare_plan(ListenPlan plan, bool has_secret);

// "/app/<key>?protocol=7&client=fanfare-cli&version=…"
std::string connection_target(const std::string& key, const std::string& version);

}  // namespace fanfare::cli
