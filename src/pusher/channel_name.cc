#include "pusher/channel_name.h"

#include <array>

#include "pusher/event_name.h"
#include "pusher/quote.h"

namespace fanfare::pusher {
namespace {

constexpr std::array<bool, 256> make_allowed() {
  std::array<bool, 256> allowed{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;")) {
    allowed[static_cast<unsigned char>(c)] = true;
  }
  return allowed;
}
constexpr std::array<bool, 256> kAllowed = make_allowed();

struct PrefixRow {
  std::string_view prefix;
  ChannelTraits traits;
};
// Longest first, so that the first match is the right one.
constexpr std::array<PrefixRow, 8> kPrefixes{{
    {"private-encrypted-cache-", {ChannelKind::kPrivateEncrypted, true}},
    {"private-encrypted-", {ChannelKind::kPrivateEncrypted, false}},
    {kServerToUserPrefix, {ChannelKind::kServerToUser, false}},
    {"presence-cache-", {ChannelKind::kPresence, true}},
    {"private-cache-", {ChannelKind::kPrivate, true}},
    {"presence-", {ChannelKind::kPresence, false}},
    {"private-", {ChannelKind::kPrivate, false}},
    {"cache-", {ChannelKind::kPublic, true}},
}};

// The part that charset and length apply to: the prefix of the system's channels stands outside of both.
std::string_view checked_part(std::string_view name) noexcept {
  return name.starts_with(kServerToUserPrefix) ? name.substr(kServerToUserPrefix.size()) : name;
}

std::size_t first_foreign(std::string_view part) noexcept {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (!kAllowed[static_cast<unsigned char>(part[i])]) return i;
  }
  return part.size();
}

// The whole UTF-8 character at `place`; of text that is not UTF-8, a few bytes.
std::string_view char_at(std::string_view text, std::size_t place) noexcept {
  std::size_t end = place + 1;
  while (end < text.size() && end < place + 4 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  return text.substr(place, end - place);
}

}  // namespace

std::string_view name_of(ChannelKind kind) noexcept {
  switch (kind) {
    case ChannelKind::kPublic:
      return "public";
    case ChannelKind::kPrivate:
      return "private";
    case ChannelKind::kPresence:
      return "presence";
    case ChannelKind::kPrivateEncrypted:
      return "private_encrypted";
    case ChannelKind::kServerToUser:
      return "server_to_user";
  }
  return "";
}

ChannelTraits channel_traits(std::string_view name) noexcept {
  // Most names begin otherwise than all prefixes.
  if (name.empty() || (name[0] != 'p' && name[0] != 'c' && name[0] != '#')) return {};
  for (const PrefixRow& row : kPrefixes) {
    if (name.starts_with(row.prefix)) return row.traits;
  }
  return {};
}

bool is_valid_channel_name(std::string_view name, std::size_t chars_max) noexcept {
  const std::string_view part = checked_part(name);
  return !part.empty() && part.size() <= chars_max && first_foreign(part) == part.size();
}

Result<ChannelTraits> parse_channel_name(std::string_view name, std::size_t chars_max) {
  if (is_valid_channel_name(name, chars_max)) return channel_traits(name);
  const std::string_view part = checked_part(name);
  const std::string start = "Invalid channel name: " + shortened(name) + " (";
  if (part.empty()) return invalid(start + "it is empty, at least 1 character is expected)");
  const std::size_t foreign = first_foreign(part);
  if (foreign < part.size()) {
    return invalid(start + "'" + std::string(char_at(part, foreign)) + "' is not one of A-Za-z0-9_-=@,.;)");
  }
  return invalid(start + "it is " + std::to_string(count_chars(part)) + " characters, at most " +
                 std::to_string(chars_max) + " are allowed)");
}

std::string_view server_to_user_id(std::string_view name) noexcept {
  return name.starts_with(kServerToUserPrefix) ? name.substr(kServerToUserPrefix.size()) : std::string_view{};
}

std::string server_to_user_channel(std::string_view user_id) {
  return std::string(kServerToUserPrefix).append(user_id);
}

}  // namespace fanfare::pusher
