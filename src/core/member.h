// Member: who joins a presence channel, with its JSON prepared once on its own loop.
//
// One block of memory, which the connection's subscription, the Join and the roster share. A user id that JSON leaves
// as it is, as most are, is kept inside the JSON only.
//
// Immutable. Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/intrusive_ptr.h"
#include "pusher/outbound_event.h"

namespace fanfare::core {

class Member;
using MemberRef = IntrusivePtr<const Member>;

class Member final : public RefCounted<Member> {
 public:
  // `user_info` is compact JSON, empty for none; `role` that of the user_info, where the app has access rules.
  static MemberRef make(std::string_view user_id, std::string_view user_info, std::string_view role = {});

  std::string_view user_id() const noexcept { return {text() + user_id_place(), user_id_bytes_}; }
  std::string_view role() const noexcept { return {text() + role_place(), role_bytes_}; }
  // Valid as long as the member.
  pusher::PresenceFragments fragments() const noexcept { return {{text(), id_bytes_}, {text(), hash_bytes_}}; }

  // Not the one that knows the size: the text behind a member is part of its block, which make() allocates.
  // NOLINTNEXTLINE(misc-new-delete-overloads)
  static void operator delete(void* memory) noexcept { ::operator delete(memory); }

 private:
  Member(const pusher::PresenceText& presence, std::string_view user_id, std::string_view role) noexcept;

  // Behind the object: hash_piece, then the user id unless it stands in there, then the role.
  const char* text() const noexcept { return reinterpret_cast<const char*>(this + 1); }
  // Escapes only lengthen, so an id_piece as long as the user id and the quotes around it contains it.
  bool is_user_id_in_piece() const noexcept { return id_bytes_ == user_id_bytes_ + 2 * kQuoteBytes; }
  std::size_t user_id_place() const noexcept { return is_user_id_in_piece() ? kQuoteBytes : hash_bytes_; }
  std::size_t role_place() const noexcept { return hash_bytes_ + (is_user_id_in_piece() ? 0 : user_id_bytes_); }

  static constexpr std::uint32_t kQuoteBytes = 2;  // \"

  std::uint32_t hash_bytes_;
  std::uint32_t id_bytes_;
  std::uint32_t user_id_bytes_;
  std::uint32_t role_bytes_;
};

}  // namespace fanfare::core
