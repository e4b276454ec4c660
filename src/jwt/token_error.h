// Why a token was refused: a word for programs and a text for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fanfare::jwt {

enum class TokenFault : std::uint8_t {
  kMalformed,    // not three parts of base64url, no JSON inside, claims of the wrong type
  kAlgorithm,    // alg is none, not one that is read, or not one of the key's
  kUnknownKey,   // kid is that of no key; a newer key set may have it
  kSignature,    // made with another key, or over other text
  kExpired,      // exp has passed
  kNoExpiry,     // no exp, which is required
  kNotYetValid,  // nbf is still to come
  kIssuer,
  kAudience,
  kClaims,  // sub is missing, or of no use
};

// "token_expired": for answers and metrics.
std::string_view code_of(TokenFault fault) noexcept;

struct TokenError {
  TokenFault fault = TokenFault::kMalformed;
  std::string message;  // never the token, a key or a signature
};

}  // namespace fanfare::jwt
