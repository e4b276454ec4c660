// UserState: who a signed-in connection is, and the users it watches.
//
// Thread: the session's loop.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/channel_ref.h"

namespace fanfare::session {

struct UserState {
  std::string id;
  std::string role;       // of its user_info, where the app has access rules
  std::string user_info;  // raw JSON; empty: none. Becomes the presence user_info. Source: REF 3.6

  // The watchlist of the latest sign-in; its first answers are gathered into one message. Source: REF 6.7
  std::vector<core::ChannelRef> watched;
  std::uint32_t watch_attempt = 0;
  std::size_t answers_missing = 0;
  std::vector<std::string> online;
  std::vector<std::string> offline;
};

}  // namespace fanfare::session
