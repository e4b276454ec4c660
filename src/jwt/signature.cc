#include "jwt/signature.h"

#include <memory>
#include <string>

#include <jwt.h>

namespace fanfare::jwt {
namespace {

struct Free {
  void operator()(jwt_t* token) const noexcept { jwt_free(token); }
};

jwt_alg_t libjwt_algorithm(Algorithm algorithm) noexcept {
  switch (algorithm) {
    case Algorithm::kHs256:
      return JWT_ALG_HS256;
    case Algorithm::kHs384:
      return JWT_ALG_HS384;
    case Algorithm::kHs512:
      return JWT_ALG_HS512;
    case Algorithm::kRs256:
      return JWT_ALG_RS256;
    case Algorithm::kEs256:
      return JWT_ALG_ES256;
  }
  return JWT_ALG_NONE;
}

}  // namespace

bool verify_signature(std::string_view token, Algorithm algorithm, std::string_view key) {
  // Without a key libjwt decodes and verifies nothing.
  if (key.empty()) return false;
  const std::string text(token);
  jwt_t* raw = nullptr;
  const int failed =
      jwt_decode(&raw, text.c_str(), reinterpret_cast<const unsigned char*>(key.data()), static_cast<int>(key.size()));
  const std::unique_ptr<jwt_t, Free> decoded(raw);
  return failed == 0 && decoded != nullptr && jwt_get_alg(decoded.get()) == libjwt_algorithm(algorithm);
}

}  // namespace fanfare::jwt
