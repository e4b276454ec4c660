#include "crypto/hex.h"

#include <array>

namespace fanfare::crypto {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::uint8_t kNoDigit = 0xFF;

// By character: 0 … 15, or kNoDigit.
constexpr std::array<std::uint8_t, 256> kDigitValues = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t value = 0; value < kDigits.size(); ++value) {
    const char digit = kDigits[value];
    values[static_cast<std::uint8_t>(digit)] = static_cast<std::uint8_t>(value);
    if (digit >= 'a') values[static_cast<std::uint8_t>(digit - 'a' + 'A')] = static_cast<std::uint8_t>(value);
  }
  return values;
}();

constexpr std::uint8_t digit_value(char c) noexcept { return kDigitValues[static_cast<std::uint8_t>(c)]; }

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

bool read_hex(std::string_view text, std::span<std::uint8_t> to) noexcept {
  if (text.size() != 2 * to.size()) return false;
  std::uint8_t seen = 0;  // all values together: one that is no digit leaves its mark
  for (std::size_t i = 0; i < to.size(); ++i) {
    const std::uint8_t high = digit_value(text[2 * i]);
    const std::uint8_t low = digit_value(text[2 * i + 1]);
    seen |= high | low;
    to[i] = static_cast<std::uint8_t>((high << 4U) | low);
  }
  return seen <= 0x0F;
}

}  // namespace fanfare::crypto
