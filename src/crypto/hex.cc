#include "crypto/hex.h"

#include <cstdint>

namespace fanfare::crypto {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// 0 … 15, or 16 for a character that is no digit.
constexpr std::uint8_t digit_value(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return 16;
}

}  // namespace

void write_hex(ByteView bytes, char* to) noexcept {
  for (const std::uint8_t byte : bytes) {
    *to++ = kDigits[byte >> 4U];
    *to++ = kDigits[byte & 0x0FU];
  }
}

std::string to_hex(ByteView bytes) {
  std::string text(2 * bytes.size(), '\0');
  write_hex(bytes, text.data());
  return text;
}

std::optional<std::string> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::uint8_t high = digit_value(text[i]);
    const std::uint8_t low = digit_value(text[i + 1]);
    if (high > 15 || low > 15) return std::nullopt;
    bytes.push_back(static_cast<char>((high << 4U) | low));
  }
  return bytes;
}

}  // namespace fanfare::crypto
