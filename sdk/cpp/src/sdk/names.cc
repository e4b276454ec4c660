#include "fanfare/names.h"

#include <algorithm>

#include "pusher/channel_name.h"
#include "pusher/event_name.h"
#include "pusher/quote.h"
#include "pusher/socket_id.h"
#include "sdk/conversion.h"
#include "sdk/text.h"

namespace fanfare::sdk {
namespace {

constexpr const char* kChannelCharacters = "A-Za-z0-9_-=@,.;";

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

// Empty: fine.
std::string length_fault(std::string_view text, std::size_t chars_max) {
  if (text.empty()) return "it is empty";
  if (text.size() > 4 * chars_max || pusher::count_chars(text) > chars_max) {
    return "it is longer than " + std::to_string(chars_max) + " characters";
  }
  return is_utf8(text) ? "" : "it is not valid UTF-8";
}

}  // namespace

ChannelType channel_type(std::string_view channel) noexcept {
  switch (pusher::channel_traits(channel).kind) {
    case pusher::ChannelKind::kPublic:
      return ChannelType::kPublic;
    case pusher::ChannelKind::kPrivate:
      return ChannelType::kPrivate;
    case pusher::ChannelKind::kPresence:
      return ChannelType::kPresence;
    case pusher::ChannelKind::kPrivateEncrypted:
      return ChannelType::kEncrypted;
    case pusher::ChannelKind::kServerToUser:
      return ChannelType::kServerToUser;
  }
  return ChannelType::kPublic;
}

bool is_cache_channel(std::string_view channel) noexcept { return pusher::channel_traits(channel).cached; }

bool needs_authorization(std::string_view channel) noexcept { return pusher::channel_traits(channel).needs_auth(); }

Status check_channel_name(std::string_view channel, const Limits& limits) {
  auto parsed = pusher::parse_channel_name(channel, limits.channel_name_chars_max);
  if (!parsed.ok()) return refused(std::move(parsed).error());
  return {};
}

Status check_event_name(std::string_view name, const Limits& limits) {
  if (const std::string fault = length_fault(name, limits.event_name_chars_max); !fault.empty()) {
    return refused("Invalid event name: " + fault);
  }
  if (pusher::is_reserved_event(name)) {
    return refused("Invalid event name: " + pusher::shortened(name) + " (pusher: and pusher_internal: are reserved)");
  }
  return {};
}

Status check_socket_id(std::string_view socket_id) {
  // A longer one is nobody's, and would be repeated in every answer.
  constexpr std::size_t kBytesMax = 64;
  if (pusher::is_valid_socket_id(socket_id) && socket_id.size() <= kBytesMax) return {};
  const std::string_view shown = is_utf8(socket_id) ? socket_id : "(not valid UTF-8)";
  return refused("Invalid socket id: " + pusher::shortened(shown, kBytesMax) + " (digits, a dot, digits are expected)");
}

Status check_user_id(std::string_view user_id, bool in_channel, const Limits& limits) {
  if (const std::string fault = length_fault(user_id, limits.user_id_chars_max); !fault.empty()) {
    return refused("Invalid user id: " + fault);
  }
  if (has_control_character(user_id)) return refused("Invalid user id: it holds a control character");
  if (in_channel && !pusher::is_valid_channel_name(server_to_user_channel(user_id), limits.channel_name_chars_max)) {
    return refused("Invalid user id: " + pusher::shortened(user_id) + " (events are sent to ids of the characters " +
                   kChannelCharacters + " only)");
  }
  return {};
}

std::string server_to_user_channel(std::string_view user_id) { return pusher::server_to_user_channel(user_id); }

}  // namespace fanfare::sdk
