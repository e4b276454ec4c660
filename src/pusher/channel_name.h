// Channel names: what a name says about its channel, and which names are valid. Source: REF 3.1, 3.2
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fanfare::pusher {

enum class ChannelKind : std::uint8_t { kPublic, kPrivate, kPresence, kPrivateEncrypted, kServerToUser };

std::string_view name_of(ChannelKind kind) noexcept;  // "public", "private_encrypted": for logs and metrics

struct ChannelTraits {
  ChannelKind kind = ChannelKind::kPublic;
  bool cached = false;

  // A subscription carries a signature.
  constexpr bool needs_auth() const noexcept {
    return kind == ChannelKind::kPrivate || kind == ChannelKind::kPresence || kind == ChannelKind::kPrivateEncrypted;
  }
  constexpr bool has_members() const noexcept { return kind == ChannelKind::kPresence; }
  // Not on encrypted channels: a plain text there fails to decrypt at its receivers. Source: REF 5
  constexpr bool allows_client_events() const noexcept {
    return kind == ChannelKind::kPrivate || kind == ChannelKind::kPresence;
  }
  // pusher_internal:subscription_count, if the app has it on. Source: REF 4.4
  constexpr bool has_subscription_count() const noexcept {
    return kind != ChannelKind::kPresence && kind != ChannelKind::kServerToUser;
  }
  // Listed by GET /channels and told to webhooks.
  constexpr bool is_listed() const noexcept { return kind != ChannelKind::kServerToUser; }

  friend constexpr bool operator==(const ChannelTraits&, const ChannelTraits&) = default;
};

inline constexpr std::string_view kServerToUserPrefix = "#server-to-user-";

// By prefix alone, dash included, longest first: "privateer" and "presence" are public. Does not validate.
ChannelTraits channel_traits(std::string_view name) noexcept;

// Validates `name`: 1 to `chars_max` characters of A-Za-z0-9_-=@,.; or "#server-to-user-" and such a rest.
// Fails: kInvalid, "Invalid channel name: <name>" and what is wrong with it.
Result<ChannelTraits> parse_channel_name(std::string_view name, std::size_t chars_max = 164);
// The same without a text for people.
bool is_valid_channel_name(std::string_view name, std::size_t chars_max = 164) noexcept;

// The user of "#server-to-user-<id>"; empty for every other channel.
std::string_view server_to_user_id(std::string_view name) noexcept;
std::string server_to_user_channel(std::string_view user_id);

}  // namespace fanfare::pusher
