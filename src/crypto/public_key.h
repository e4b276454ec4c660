// Public keys of signatures, as PEM ("-----BEGIN PUBLIC KEY-----", SubjectPublicKeyInfo of RFC 5280).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fanfare::crypto {

enum class PublicKeyKind : std::uint8_t { kRsa, kEcP256 };

struct PublicKey {
  PublicKeyKind kind = PublicKeyKind::kRsa;
  std::string pem;
};

inline constexpr int kRsaBitsMin = 2048;
inline constexpr int kRsaBitsMax = 16'384;

// Reads a PEM with one public key.
// Fails: kInvalid for anything else, a private key too, for an RSA key outside the bounds above (RFC 7518 section 3.3),
//        and for curves other than P-256.
Result<PublicKey> parse_public_key(std::string_view pem);

// From the numbers of a JSON Web Key, big-endian. Source: RFC 7518, sections 6.2 and 6.3
// Fails: as parse_public_key(); and for a point that is not on the curve.
Result<PublicKey> make_rsa_key(std::string_view modulus, std::string_view exponent);
Result<PublicKey> make_p256_key(std::string_view x, std::string_view y);

}  // namespace fanfare::crypto
