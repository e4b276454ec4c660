// The windows of DEFLATE: how far back a match may lie. Source: RFC 1951 section 2; RFC 7692 section 7.1.2
#pragma once

#include <cstddef>

namespace fanfare::deflate {

inline constexpr int kWindowBitsMin = 9;  // the smallest that zlib deflates with
inline constexpr int kWindowBitsMax = 15;

constexpr std::size_t window_bytes(int window_bits) noexcept {
  return std::size_t{1} << static_cast<unsigned>(window_bits);
}

// The smallest window in which `bytes` of text compress as well as in any larger one, and at most `window_bits_max`.
// A smaller window means less memory to clear before each message.
int window_bits_for(std::size_t bytes, int window_bits_max) noexcept;

// zlib's memLevel for a window: hash table and pending output in proportion to it, as 8 is to 15 bits.
int memory_level_for(int window_bits) noexcept;

// More bytes than any sane compressor makes of `bytes`: a message of more cannot be one of `bytes` or fewer.
// Source: zlib's compressBound for its least favourable settings
std::size_t deflated_bytes_max(std::size_t bytes) noexcept;

}  // namespace fanfare::deflate
