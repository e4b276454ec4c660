#include "core/presence_roster.h"

#include <functional>
#include <utility>

#include "base/assert.h"

namespace fanfare::core {

namespace {

std::uint32_t hash_of(std::string_view user_id) noexcept {
  return static_cast<std::uint32_t>(std::hash<std::string_view>{}(user_id));
}

// The nonce is random, and so is what it is mixed with.
std::uint32_t hash_of(ConnectionRef connection) noexcept {
  const pusher::SocketId id = connection.socket_id();
  return id.a * 0x9E37'79B9U ^ id.b;
}

}  // namespace

PresenceRoster::JoinOutcome PresenceRoster::join(ConnectionRef connection, MemberRef member,
                                                 std::uint32_t members_max) {
  const std::uint32_t hash = hash_of(member->user_id());
  const std::uint32_t known = find_place(hash, member->user_id());
  if (known != PlaceIndex::kNowhere) {
    places_[known].member = std::move(member);
    ++places_[known].connections;
    take_seat(connection, known);
    return JoinOutcome::kFurtherConnection;
  }
  if (members_max != 0 && member_count_ >= members_max) return JoinOutcome::kFull;
  take_seat(connection, take_place(hash, std::move(member)));
  return JoinOutcome::kFirstConnection;
}

MemberRef PresenceRoster::leave(ConnectionRef connection) {
  const std::uint32_t seat = find_seat(connection);
  FANFARE_ASSERT(seat != PlaceIndex::kNowhere);
  const std::uint32_t place = seats_[seat].place;
  free_seat(seat);
  if (--places_[place].connections != 0) return {};
  return free_place(place);
}

std::uint32_t PresenceRoster::find_place(std::uint32_t hash, std::string_view user_id) const {
  return index_of_places_.find(hash, places_.size(), [&](std::uint32_t place) {
    const Place& candidate = places_[place];
    return candidate.hash == hash && candidate.member && candidate.member->user_id() == user_id;
  });
}

std::uint32_t PresenceRoster::find_seat(ConnectionRef connection) const {
  return index_of_seats_.find(hash_of(connection), seats_.size(),
                              [&](std::uint32_t seat) { return seats_[seat].connection == connection; });
}

std::uint32_t PresenceRoster::take_place(std::uint32_t hash, MemberRef member) {
  std::uint32_t place = first_free_place_;
  if (place == PlaceIndex::kNowhere) {
    place = static_cast<std::uint32_t>(places_.size());
    places_.emplace_back();
  } else {
    first_free_place_ = places_[place].connections;
  }
  places_[place] = {std::move(member), hash, 1};
  ++member_count_;
  // All places are taken when the index comes into being: a new one is made only when none is free.
  index_of_places_.add(place, places_.size(), [this](std::uint32_t each) { return places_[each].hash; });
  return place;
}

MemberRef PresenceRoster::free_place(std::uint32_t place) {
  index_of_places_.remove(place, [this](std::uint32_t each) { return places_[each].hash; });
  MemberRef member = std::move(places_[place].member);
  places_[place] = {{}, 0, std::exchange(first_free_place_, place)};
  --member_count_;
  return member;
}

void PresenceRoster::take_seat(ConnectionRef connection, std::uint32_t place) {
  seats_.push_back({connection, place});
  index_of_seats_.add(static_cast<std::uint32_t>(seats_.size() - 1), seats_.size(),
                      [this](std::uint32_t each) { return hash_of(seats_[each].connection); });
}

void PresenceRoster::free_seat(std::uint32_t seat) {
  index_of_seats_.remove(seat, [this](std::uint32_t each) { return hash_of(seats_[each].connection); });
  const auto last = static_cast<std::uint32_t>(seats_.size() - 1);
  if (seat != last) {
    index_of_seats_.move(hash_of(seats_[last].connection), last, seat);
    seats_[seat] = seats_[last];
  }
  seats_.pop_back();
}

std::vector<std::string> PresenceRoster::user_ids() const {
  std::vector<std::string> ids;
  ids.reserve(member_count_);
  for (const Place& place : places_) {
    if (place.member) ids.emplace_back(place.member->user_id());
  }
  return ids;
}

void PresenceRoster::append_roster(std::string& out, std::string_view channel) const {
  pusher::PresenceRosterWriter writer(out, channel, member_count_);
  for (const Place& place : places_) {
    if (place.member) writer.add_id(place.member->fragments().id_piece);
  }
  writer.begin_hash();
  for (const Place& place : places_) {
    if (place.member) writer.add_hash(place.member->fragments().hash_piece);
  }
  writer.finish();
}

}  // namespace fanfare::core
