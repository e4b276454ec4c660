// HMAC-SHA256 under a key that is used many times. Source: RFC 2104, RFC 4231.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "crypto/digest.h"

namespace fanfare::crypto {

// 64 lowercase hexadecimal digits, without an allocation.
class HexDigest {
 public:
  explicit HexDigest(const Sha256Digest& digest) noexcept;
  std::string_view view() const noexcept { return {digits_.data(), digits_.size()}; }

 private:
  std::array<char, 64> digits_;
};

// A secret, kept as the hash states after its inner and outer block: each digest saves two of four compressions.
// The secret itself is not kept. Immutable. Thread: any. Cost: no allocation.
class HmacKey {
 public:
  explicit HmacKey(std::string_view secret) noexcept;

  Sha256Digest digest(std::string_view message) const noexcept { return digest({message}); }
  // Of the concatenation of `parts`.
  Sha256Digest digest(std::initializer_list<std::string_view> parts) const noexcept;

  HexDigest hex(std::string_view message) const noexcept { return HexDigest(digest(message)); }
  HexDigest hex(std::initializer_list<std::string_view> parts) const noexcept { return HexDigest(digest(parts)); }

 private:
  using State = std::array<std::uint32_t, 8>;

  State inner_;
  State outer_;
};

// Whether both are equal, in a time that depends on their lengths only.
bool constant_time_equal(std::string_view a, std::string_view b) noexcept;
bool constant_time_equal(const Sha256Digest& a, const Sha256Digest& b) noexcept;

}  // namespace fanfare::crypto
