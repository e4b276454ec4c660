// PresenceRoster: who is in a presence channel, over all loops.
//
// A member is a distinct user; only its first and its last connection are edges that others hear of. Source: REF 4.2
//
// Thread: the channel's home loop.
// Cost:   16 bytes a member besides the Member itself, and 12 a connection; more than sixteen of either are found by an
//         index.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/connection_ref.h"
#include "core/member.h"
#include "core/place_index.h"

namespace fanfare::core {

class PresenceRoster {
 public:
  enum class JoinOutcome : std::uint8_t { kFirstConnection, kFurtherConnection, kFull };

  // A further connection of a member is always let in, and its user_info replaces the stored one. Source: REF 3.6
  // members_max 0: no limit. The connection is not in the roster.
  JoinOutcome join(ConnectionRef connection, MemberRef member, std::uint32_t members_max);

  // The member whose last connection this was; null: it has others. The connection must have joined.
  MemberRef leave(ConnectionRef connection);

  std::size_t member_count() const noexcept { return member_count_; }
  bool is_member(ConnectionRef connection) const { return find_seat(connection) != PlaceIndex::kNowhere; }
  // Distinct user ids, in no particular order.
  std::vector<std::string> user_ids() const;

  // Appends the payload of pusher_internal:subscription_succeeded for `channel`.
  void append_roster(std::string& out, std::string_view channel) const;

 private:
  // A user keeps its place while it has a connection, so that seats can name it by index.
  struct Place {
    MemberRef member;  // null: free
    std::uint32_t hash = 0;
    std::uint32_t connections = 0;  // of a free one: the next that is free
  };
  struct Seat {
    ConnectionRef connection;
    std::uint32_t place;
  };

  std::uint32_t find_place(std::uint32_t hash, std::string_view user_id) const;
  std::uint32_t find_seat(ConnectionRef connection) const;
  std::uint32_t take_place(std::uint32_t hash, MemberRef member);
  MemberRef free_place(std::uint32_t place);
  void take_seat(ConnectionRef connection, std::uint32_t place);
  void free_seat(std::uint32_t seat);

  std::vector<Place> places_;
  std::vector<Seat> seats_;
  PlaceIndex index_of_places_;
  PlaceIndex index_of_seats_;
  std::uint32_t first_free_place_ = PlaceIndex::kNowhere;
  std::uint32_t member_count_ = 0;
};

}  // namespace fanfare::core
