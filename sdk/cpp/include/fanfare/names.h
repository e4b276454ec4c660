// The names of the protocol, and what is wrong with those that are none. Pure functions. Thread: any.
// Source: Pusher Channels, "Channel naming conventions", and what every server SDK checks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "fanfare/limits.h"
#include "fanfare/result.h"

namespace fanfare::sdk {

// Who may subscribe: anyone; whom an auth endpoint lets; the same, seen by the others; the same as private, with
// content that the server cannot read; only the server itself, for a signed-in user.
enum class ChannelType : std::uint8_t { kPublic, kPrivate, kPresence, kEncrypted, kServerToUser };

// By prefix alone, dash included: private-encrypted-, private-, presence-, #server-to-user-; the rest is public.
ChannelType channel_type(std::string_view channel) noexcept;
// It replays its last event to new subscribers: cache-, private-cache-, presence-cache-, private-encrypted-cache-.
bool is_cache_channel(std::string_view channel) noexcept;
// Its events are encrypted end to end: private-encrypted-.
inline bool is_encrypted_channel(std::string_view channel) noexcept {
  return channel_type(channel) == ChannelType::kEncrypted;
}
// private-, presence- and private-encrypted-: a subscription needs authorize_channel().
bool needs_authorization(std::string_view channel) noexcept;

// 1 to `channel_name_chars_max` characters of A-Za-z0-9_-=@,.; or "#server-to-user-" and such a rest.
// Fails: kInvalid, with the name, cut, and what is wrong with it. So do all below.
Status check_channel_name(std::string_view channel, const Limits& limits = {});
// 1 to `event_name_chars_max` characters of UTF-8, not beginning with pusher: or pusher_internal:.
Status check_event_name(std::string_view name, const Limits& limits = {});
// Digits, a dot, digits. Whatever is signed must pass: a ':' in it would turn one signature into another.
Status check_socket_id(std::string_view socket_id);
// 1 to `user_id_chars_max` characters of UTF-8, none a control character. `in_channel`: it must also be able to stand
// in a channel name (A-Za-z0-9_-=@,.;), as send_to_user() needs it.
Status check_user_id(std::string_view user_id, bool in_channel = false, const Limits& limits = {});

// "#server-to-user-<user_id>", where a user who is signed in gets events.
std::string server_to_user_channel(std::string_view user_id);

}  // namespace fanfare::sdk
