// Byte views, sizes and network byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fanfare {

inline constexpr std::size_t kKiB = 1024;
inline constexpr std::size_t kMiB = 1024 * kKiB;

// So many bytes of the same memory lie behind those that a connection received, whatever they hold: parsers that read
// whole vectors (simdjson's) need not copy.
inline constexpr std::size_t kSpareBytes = 64;

using ByteView = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

inline ByteView as_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(ByteView bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Network byte order, at any alignment.
inline void store_be16(std::uint8_t* to, std::uint16_t value) noexcept {
  to[0] = static_cast<std::uint8_t>(value >> 8U);
  to[1] = static_cast<std::uint8_t>(value & 0xFFU);
}
inline void store_be64(std::uint8_t* to, std::uint64_t value) noexcept {
  for (int i = 7; i >= 0; --i, value >>= 8U) to[i] = static_cast<std::uint8_t>(value & 0xFFU);
}
inline std::uint16_t load_be16(const std::uint8_t* from) noexcept {
  return static_cast<std::uint16_t>((from[0] << 8U) | from[1]);
}
inline std::uint64_t load_be64(const std::uint8_t* from) noexcept {
  std::uint64_t value = 0;
  for (int i = 0; i < 8; ++i) value = (value << 8U) | from[i];
  return value;
}

}  // namespace fanfare
