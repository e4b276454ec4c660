#include "jwt/token_error.h"

namespace fanfare::jwt {

std::string_view code_of(TokenFault fault) noexcept {
  switch (fault) {
    case TokenFault::kMalformed:
      return "token_malformed";
    case TokenFault::kAlgorithm:
      return "token_algorithm";
    case TokenFault::kUnknownKey:
      return "token_key_unknown";
    case TokenFault::kSignature:
      return "token_signature";
    case TokenFault::kExpired:
      return "token_expired";
    case TokenFault::kNoExpiry:
      return "token_without_expiry";
    case TokenFault::kNotYetValid:
      return "token_not_yet_valid";
    case TokenFault::kIssuer:
      return "token_issuer";
    case TokenFault::kAudience:
      return "token_audience";
    case TokenFault::kClaims:
      return "token_claims";
  }
  return "token_malformed";
}

}  // namespace fanfare::jwt
