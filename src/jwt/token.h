// Token: a signed JSON Web Token, taken apart and not believed yet. Source: RFC 7515 (compact serialisation), RFC 7519
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "jwt/algorithm.h"
#include "jwt/token_error.h"

namespace fanfare::jwt {

inline constexpr std::size_t kTokenBytesMax = 8'192;
inline constexpr std::size_t kKidBytesMax = 256;

struct Token {
  std::string text;  // the whole of it
  Algorithm algorithm = Algorithm::kHs256;
  std::optional<std::string> kid;  // compared with the ids of keys, and nothing else: neither path nor query
  std::string claims;              // JSON, an object
};

// Either alternative; nothing is verified. Of the header only alg, kid and crit are read: what it offers as key (jwk,
// jku, x5c, x5u) is never looked at.
// Refuses: more than kTokenBytesMax; other than three parts of canonical base64url; a header or claims that are no JSON
//          object, or name a key twice (so that no two readers read it differently); alg "none", one that is not read;
//          crit (RFC 7515 section 4.1.11: extensions that we do not have).
std::variant<Token, TokenError> parse_token(std::string_view text);

}  // namespace fanfare::jwt
