// Finding the next byte of a JSON string that is not plain text.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace fanfare::json {

// The first byte of [at, end) that is a quote, a backslash or a control character; `end` if there is none.
inline const char* find_special(const char* at, const char* end) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    // Eight bytes at a time. A subtraction borrows only from a byte that matched, so the lowest mark is always right.
    constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
    constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
    while (end - at >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      const std::uint64_t quote = word ^ (kOnes * '"');
      const std::uint64_t backslash = word ^ (kOnes * '\\');
      const std::uint64_t marks =
          ((word - kOnes * 0x20U) & ~word) | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash);
      if ((marks & kHighBits) != 0) return at + std::countr_zero(marks & kHighBits) / 8;
      at += 8;
    }
  }
  while (at != end && *at != '"' && *at != '\\' && static_cast<unsigned char>(*at) >= 0x20) ++at;
  return at;
}

}  // namespace fanfare::json
