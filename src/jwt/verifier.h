// Verifier: from a token's text to an Identity that may be believed.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "jwt/identity.h"
#include "jwt/key_set.h"
#include "jwt/options.h"
#include "jwt/token_error.h"

namespace fanfare::jwt {

using Verdict = std::variant<Identity, TokenError>;

// Order: the token's form, alg and kid against the keys, the signature, and only then what it claims: exp, nbf, iss,
//        aud, the identity. So a forged token learns nothing but that it is one.
// Thread: any.
class Verifier {
 public:
  // `extra_claims` are kept in Identity::extra. `options` is copied.
  explicit Verifier(const JwtOptions& options, std::vector<std::string> extra_claims = {});

  // `now`: times of tokens are compared with it to the second's fraction; exp itself is expired (RFC 7519 section
  // 4.1.4), leeway aside.
  // kUnknownKey says that a newer key set may know better.
  Verdict verify(std::string_view token, const KeySet& keys, WallTime now) const;

  const ClaimNames& claim_names() const noexcept { return options_.claims; }
  const std::vector<std::string>& extra_claims() const noexcept { return extra_claims_; }

 private:
  std::variant<std::monostate, TokenError> check_claims(const json::Reader& claims, WallTime now) const;

  JwtOptions options_;
  std::vector<std::string> extra_claims_;
};

}  // namespace fanfare::jwt
