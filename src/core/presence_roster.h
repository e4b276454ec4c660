// PresenceRoster: who is in a presence channel, over all loops.
//
// A member is a distinct user; only its first and its last connection are edges that others hear of. Source: REF 4.2
//
// Thread: the channel's home loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tsl/robin_map.h>

#include "core/connection_ref.h"
#include "core/home.h"

namespace fanfare::core {

class PresenceRoster {
 public:
  enum class JoinOutcome : std::uint8_t { kFirstConnection, kFurtherConnection, kFull };

  // A further connection of a member is always let in, and its user_info replaces the stored one. Source: REF 3.6
  // members_max 0: no limit.
  JoinOutcome join(ConnectionRef connection, Member member, std::uint32_t members_max);

  // The user whose last connection this was; empty: it has others. The connection must have joined.
  std::string leave(ConnectionRef connection);

  std::size_t member_count() const noexcept { return place_of_user_.size(); }
  bool is_member(ConnectionRef connection) const { return place_of_connection_.contains(key(connection)); }
  // Distinct user ids, in no particular order.
  std::vector<std::string> user_ids() const;

  // Appends the payload of pusher_internal:subscription_succeeded for `channel`.
  void append_roster(std::string& out, std::string_view channel) const;

 private:
  struct Entry {
    std::string user_id;
    pusher::PresenceFragments fragments;
    std::uint32_t connections = 0;
  };
  static std::uint64_t key(ConnectionRef ref) noexcept {
    return (std::uint64_t{ref.socket_id().a} << 32U) | ref.socket_id().b;
  }

  // A user keeps its place while it has a connection, so that connections can name it by index; free places are reused.
  std::vector<Entry> places_;
  std::vector<std::uint32_t> free_places_;
  tsl::robin_map<std::string, std::uint32_t> place_of_user_;
  tsl::robin_map<std::uint64_t, std::uint32_t> place_of_connection_;
};

}  // namespace fanfare::core
