#include "ws/mask.h"

#include <array>
#include <cstddef>
#include <cstring>

namespace fanfare::ws {

MaskingKey apply_mask(MutableBytes bytes, MaskingKey key) noexcept {
  std::uint64_t wide_key = 0;  // the key twice in memory order, so this is right on either endianness
  std::memcpy(&wide_key, key.data(), 4);
  std::memcpy(reinterpret_cast<std::uint8_t*>(&wide_key) + 4, key.data(), 4);

  std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  // Of so many a compiler makes vectors.
  using Words = std::array<std::uint64_t, 4>;
  for (; left >= sizeof(Words); left -= sizeof(Words), at += sizeof(Words)) {
    Words words{};
    std::memcpy(words.data(), at, sizeof(Words));
    for (std::uint64_t& word : words) word ^= wide_key;
    std::memcpy(at, words.data(), sizeof(Words));
  }
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    word ^= wide_key;
    std::memcpy(at, &word, 8);
  }
  for (std::size_t i = 0; i < left; ++i) at[i] = static_cast<std::uint8_t>(at[i] ^ key[i & 3U]);

  const std::size_t turn = bytes.size() & 3U;
  return {key[turn], key[(turn + 1) & 3U], key[(turn + 2) & 3U], key[(turn + 3) & 3U]};
}

}  // namespace fanfare::ws
