// Finding the next byte of a JSON string that is not plain text.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace fanfare::json {

inline bool is_special(char c) noexcept { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; }

// The high bit of each byte of `word` that is special. Bytes above the lowest of them may be marked wrongly: a
// subtraction borrows from its neighbour, but only when it matched itself.
inline std::uint64_t special_marks(std::uint64_t word) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kHighBits = 0x8080808080808080ULL;
  const std::uint64_t quote = word ^ (kOnes * '"');
  const std::uint64_t backslash = word ^ (kOnes * '\\');
  return (((word - kOnes * 0x20U) & ~word) | ((quote - kOnes) & ~quote) | ((backslash - kOnes) & ~backslash)) &
         kHighBits;
}

// The first byte of [at, end) that is a quote, a backslash or a control character; `end` if there is none.
inline const char* find_special(const char* at, const char* end) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    for (; end - at >= 8; at += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      if (const std::uint64_t marks = special_marks(word); marks != 0) return at + std::countr_zero(marks) / 8;
    }
  }
  while (at != end && !is_special(*at)) ++at;
  return at;
}

// The same, and copies the bytes before it to `to`, which moves on by as many. May write up to 7 bytes more.
inline const char* copy_until_special(const char* at, const char* end, char*& to) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    for (; end - at >= 8; at += 8, to += 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, at, sizeof word);
      std::memcpy(to, &word, sizeof word);
      if (const std::uint64_t marks = special_marks(word); marks != 0) {
        to += std::countr_zero(marks) / 8;
        return at + std::countr_zero(marks) / 8;
      }
    }
  }
  while (at != end && !is_special(*at)) *to++ = *at++;
  return at;
}

}  // namespace fanfare::json
