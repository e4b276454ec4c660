#include "crypto/base64.h"

#include <array>
#include <cstdint>

namespace fanfare::crypto {
namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kForeign = 64;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = kForeign;
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}
constexpr std::array<std::uint8_t, 256> kValues = make_values();

std::uint8_t value_of(char c) noexcept { return kValues[static_cast<unsigned char>(c)]; }

char digit_of(std::uint32_t group, unsigned shift) noexcept { return kAlphabet[(group >> shift) & 0x3FU]; }
void append_byte(std::string& bytes, std::uint32_t group, unsigned shift) {
  bytes.push_back(static_cast<char>((group >> shift) & 0xFFU));
}

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  char* to = text.data();
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16U) | (std::uint32_t{bytes[i + 1]} << 8U) | bytes[i + 2];
    for (const unsigned shift : {18U, 12U, 6U, 0U}) *to++ = digit_of(group, shift);
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 0) return text;
  std::uint32_t group = std::uint32_t{bytes[i]} << 16U;
  if (rest == 2) group |= std::uint32_t{bytes[i + 1]} << 8U;
  to[0] = digit_of(group, 18);
  to[1] = digit_of(group, 12);
  if (rest == 2) to[2] = digit_of(group, 6);
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  if (text.ends_with("==")) {
    padding = 2;
  } else if (text.ends_with('=')) {
    padding = 1;
  }
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    const std::size_t digits = i + 4 == text.size() ? 4 - padding : 4;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      const std::uint8_t value = j < digits ? value_of(text[i + j]) : 0;
      if (value == kForeign) return std::nullopt;
      group = (group << 6U) | value;
    }
    append_byte(bytes, group, 16);
    if (digits >= 3) append_byte(bytes, group, 8);
    if (digits == 4) append_byte(bytes, group, 0);
    const std::uint32_t unused_bits = digits == 2 ? 0xFFFFU : digits == 3 ? 0xFFU : 0U;
    if ((group & unused_bits) != 0) return std::nullopt;
  }
  return bytes;
}

std::string to_base64url(ByteView bytes) {
  std::string text = to_base64(bytes);
  while (text.ends_with('=')) text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string standard(text);
  for (char& c : standard) {
    if (c == '+' || c == '/' || c == '=') return std::nullopt;  // of the other alphabet
    c = c == '-' ? '+' : c == '_' ? '/' : c;
  }
  standard.append((4 - standard.size() % 4) % 4, '=');
  return from_base64(standard);
}

}  // namespace fanfare::crypto
