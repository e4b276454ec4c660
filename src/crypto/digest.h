// MD5, SHA-1 and SHA-256 of whole texts. MD5 and SHA-1 only where a protocol demands them (body_md5, RFC 6455).
//
// Thread: any. Cost: no allocation.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace fanfare::crypto {

using Md5Digest = std::array<std::uint8_t, 16>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;

Md5Digest md5(std::string_view text) noexcept;
Sha1Digest sha1(std::string_view text) noexcept;
Sha256Digest sha256(std::string_view text) noexcept;

}  // namespace fanfare::crypto
