#include "deflate/window.h"

#include <algorithm>

namespace fanfare::deflate {

namespace {

// zlib does not reach the last so many bytes of its window (MIN_LOOKAHEAD).
constexpr std::size_t kUnreachedBytes = 262;

}  // namespace

int window_bits_for(std::size_t bytes, int window_bits_max) noexcept {
  int bits = std::min(kWindowBitsMin, window_bits_max);
  while (bits < window_bits_max && window_bytes(bits) < bytes + kUnreachedBytes) ++bits;
  return bits;
}

int memory_level_for(int window_bits) noexcept { return std::clamp(window_bits - 7, 1, 8); }

std::size_t deflated_bytes_max(std::size_t bytes) noexcept { return bytes + bytes / 8 + bytes / 64 + 64; }

}  // namespace fanfare::deflate
