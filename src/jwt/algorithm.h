// The signature algorithms that are read. Source: RFC 7518, section 3.1
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace fanfare::jwt {

enum class Algorithm : std::uint8_t { kHs256, kHs384, kHs512, kRs256, kEs256 };

// Which keys an algorithm takes: a key is bound to its kind, so that a public key is never taken for a secret.
enum class KeyKind : std::uint8_t { kSecret, kRsa, kEcP256 };

// "HS256". Case matters; empty for everything else, "none" in every spelling included.
std::optional<Algorithm> algorithm_of(std::string_view name) noexcept;
std::string_view name_of(Algorithm algorithm) noexcept;
KeyKind kind_of(Algorithm algorithm) noexcept;

}  // namespace fanfare::jwt
