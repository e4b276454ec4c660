#include "ws/utf8.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace fanfare::ws {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;

// The first byte of [at, end) that is not ASCII, or `end`.
const std::uint8_t* skip_ascii(const std::uint8_t* at, const std::uint8_t* end) noexcept {
  std::array<std::uint64_t, 4> words{};
  for (; end - at >= static_cast<std::ptrdiff_t>(sizeof(words)); at += sizeof(words)) {
    std::memcpy(words.data(), at, sizeof(words));
    if (((words[0] | words[1] | words[2] | words[3]) & kHighBits) != 0) break;
  }
  for (; end - at >= static_cast<std::ptrdiff_t>(sizeof(words[0])); at += sizeof(words[0])) {
    std::memcpy(words.data(), at, sizeof(words[0]));
    if ((words[0] & kHighBits) != 0) break;
  }
  while (at != end && *at < 0x80) ++at;
  return at;
}

}  // namespace

bool Utf8Validator::start_character(std::uint8_t lead) noexcept {
  // C0 and C1 would be overlong, F5 and above are beyond U+10FFFF, 80…BF continue nothing.
  if (lead < 0xC2 || lead > 0xF4) return false;
  missing_ = lead < 0xE0 ? 1 : (lead < 0xF0 ? 2 : 3);
  switch (lead) {
    case 0xE0:
      lowest_ = 0xA0;
      break;  // below: overlong
    case 0xED:
      highest_ = 0x9F;
      break;  // above: surrogates
    case 0xF0:
      lowest_ = 0x90;
      break;  // below: overlong
    case 0xF4:
      highest_ = 0x8F;
      break;  // above: beyond U+10FFFF
    default:
      break;
  }
  return true;
}

bool Utf8Validator::feed(ByteView bytes) noexcept {
  // On a copy, which the compiler may keep in registers: bytes of the text might alias our members.
  Utf8Validator state = *this;
  const std::uint8_t* at = bytes.data();
  const std::uint8_t* const end = at + bytes.size();
  while (at != end) {
    if (state.missing_ != 0) {
      if (*at < state.lowest_ || *at > state.highest_) return false;
      state.lowest_ = 0x80;
      state.highest_ = 0xBF;
      --state.missing_;
      ++at;
    } else if (*at < 0x80) {
      at = skip_ascii(at, end);
    } else if (!state.start_character(*at++)) {
      return false;
    }
  }
  *this = state;
  return true;
}

bool is_valid_utf8(ByteView bytes) noexcept {
  Utf8Validator validator;
  return validator.feed(bytes) && validator.is_complete();
}

std::string_view utf8_prefix(std::string_view text, std::size_t bytes_max) noexcept {
  if (text.size() <= bytes_max) return text;
  std::size_t cut = bytes_max;
  while (cut > 0 && (static_cast<std::uint8_t>(text[cut]) & 0xC0U) == 0x80) --cut;
  return text.substr(0, cut);
}

}  // namespace fanfare::ws
