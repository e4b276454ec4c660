#include "core/presence_roster.h"

#include "base/assert.h"

namespace fanfare::core {

PresenceRoster::JoinOutcome PresenceRoster::join(ConnectionRef connection, Member member, std::uint32_t members_max) {
  const auto known = place_of_user_.find(member.user_id);
  if (known != place_of_user_.end()) {
    Entry& entry = places_[known->second];
    entry.fragments = std::move(member.fragments);
    ++entry.connections;
    place_of_connection_[key(connection)] = known->second;
    return JoinOutcome::kFurtherConnection;
  }
  if (members_max != 0 && member_count() >= members_max) return JoinOutcome::kFull;

  std::uint32_t place = 0;
  if (free_places_.empty()) {
    place = static_cast<std::uint32_t>(places_.size());
    places_.emplace_back();
  } else {
    place = free_places_.back();
    free_places_.pop_back();
  }
  place_of_user_[member.user_id] = place;
  place_of_connection_[key(connection)] = place;
  places_[place] = Entry{std::move(member.user_id), std::move(member.fragments), 1};
  return JoinOutcome::kFirstConnection;
}

std::string PresenceRoster::leave(ConnectionRef connection) {
  const auto found = place_of_connection_.find(key(connection));
  FANFARE_ASSERT(found != place_of_connection_.end());
  const std::uint32_t place = found->second;
  place_of_connection_.erase(found);
  if (--places_[place].connections != 0) return {};
  std::string user_id = std::move(places_[place].user_id);
  place_of_user_.erase(user_id);
  places_[place] = Entry{};
  free_places_.push_back(place);
  return user_id;
}

std::vector<std::string> PresenceRoster::user_ids() const {
  std::vector<std::string> ids;
  ids.reserve(member_count());
  for (const Entry& entry : places_) {
    if (entry.connections != 0) ids.push_back(entry.user_id);
  }
  return ids;
}

void PresenceRoster::append_roster(std::string& out, std::string_view channel) const {
  pusher::PresenceRosterWriter writer(out, channel, member_count());
  for (const Entry& entry : places_) {
    if (entry.connections != 0) writer.add_id(entry.fragments);
  }
  writer.begin_hash();
  for (const Entry& entry : places_) {
    if (entry.connections != 0) writer.add_hash(entry.fragments);
  }
  writer.finish();
}

}  // namespace fanfare::core
