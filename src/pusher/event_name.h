// Event names and their reserved prefixes.
#pragma once

#include <cstddef>
#include <string_view>

namespace fanfare::pusher {

inline constexpr std::string_view kClientEventPrefix = "client-";

inline bool is_client_event(std::string_view name) noexcept { return name.starts_with(kClientEventPrefix); }

// Names of the protocol's own events, which nobody may publish. Source: REF 9.3
inline bool is_reserved_event(std::string_view name) noexcept {
  return name.starts_with("pusher:") || name.starts_with("pusher_internal:");
}

// Characters of valid UTF-8, as people count them: code points.
inline std::size_t count_chars(std::string_view utf8) noexcept {
  std::size_t count = 0;
  for (const char byte : utf8) {
    if ((static_cast<unsigned char>(byte) & 0xC0U) != 0x80U) ++count;
  }
  return count;
}

// Whether there are more than `most`; short texts are not counted.
inline bool has_more_chars_than(std::string_view utf8, std::size_t most) noexcept {
  return utf8.size() > most && count_chars(utf8) > most;
}

}  // namespace fanfare::pusher
