#include "jwt/mint.h"

#include "crypto/base64.h"
#include "crypto/hmac.h"

namespace fanfare::jwt {

std::string mint_hs256(std::string_view claims, std::string_view secret) {
  std::string token = crypto::to_base64url(as_bytes(R"({"alg":"HS256","typ":"JWT"})"));
  token += '.';
  token += crypto::to_base64url(as_bytes(claims));
  const crypto::Sha256Digest digest = crypto::HmacKey(secret).digest(token);
  token += '.';
  token += crypto::to_base64url(digest);
  return token;
}

}  // namespace fanfare::jwt
