#include "base/random.h"

#include <array>

#include <sys/random.h>

#include "base/assert.h"

namespace fanfare {

std::uint64_t secure_random_u64() {
  // One system call fills a pool of 32 numbers: a connection's id must not cost a call of its own.
  thread_local std::array<std::uint64_t, 32> pool;
  thread_local std::size_t left = 0;
  if (left == 0) {
    FANFARE_ASSERT(getrandom(pool.data(), sizeof(pool), 0) == static_cast<ssize_t>(sizeof(pool)));
    left = pool.size();
  }
  return pool[--left];
}

std::string secure_random_hex(std::size_t bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(bytes * 2);
  for (std::size_t i = 0; i < bytes; ++i) {
    const auto byte = static_cast<std::uint8_t>(secure_random_u64() & 0xFFU);
    text.push_back(kDigits[byte >> 4U]);
    text.push_back(kDigits[byte & 0xFU]);
  }
  return text;
}

}  // namespace fanfare
