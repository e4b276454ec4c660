#include "core/member.h"

#include <cstring>
#include <limits>
#include <new>

#include "base/assert.h"

namespace fanfare::core {

namespace {

std::uint32_t bytes_of(std::string_view text) noexcept {
  FANFARE_ASSERT(text.size() <= std::numeric_limits<std::uint32_t>::max() / 4);
  return static_cast<std::uint32_t>(text.size());
}

}  // namespace

MemberRef Member::make(std::string_view user_id, std::string_view user_info, std::string_view role) {
  const pusher::PresenceText presence = pusher::make_presence_text(user_id, user_info);
  const bool is_plain = presence.id_bytes == user_id.size() + 2UL * kQuoteBytes;
  const std::size_t text_bytes = presence.hash_piece.size() + (is_plain ? 0 : user_id.size()) + role.size();
  void* memory = ::operator new(sizeof(Member) + text_bytes);
  return MemberRef(::new (memory) Member(presence, user_id, role));
}

Member::Member(const pusher::PresenceText& presence, std::string_view user_id, std::string_view role) noexcept
    : hash_bytes_(bytes_of(presence.hash_piece)),
      id_bytes_(static_cast<std::uint32_t>(presence.id_bytes)),
      user_id_bytes_(bytes_of(user_id)),
      role_bytes_(bytes_of(role)) {
  char* const begin = reinterpret_cast<char*>(this + 1);
  std::memcpy(begin, presence.hash_piece.data(), hash_bytes_);
  if (!is_user_id_in_piece() && !user_id.empty()) std::memcpy(begin + user_id_place(), user_id.data(), user_id_bytes_);
  if (!role.empty()) std::memcpy(begin + role_place(), role.data(), role_bytes_);
}

}  // namespace fanfare::core
