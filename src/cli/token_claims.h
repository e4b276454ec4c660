// The claims of a development token, out of the flags of `fanfare token`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "jwt/options.h"

namespace fanfare::cli {

struct TokenFlags {
  std::string user{};
  std::string role{};
  std::string name{};
  std::string avatar{};
  std::vector<std::string> classes{};
  std::vector<std::string> watchlist{};
  std::vector<std::string> further{};  // "claim=JSON or text"
  std::int64_t expires_in_s = 3'600;
};

// A JSON object under the claim names of `options`, with its issuer and first audience, `iat` and `exp`.
// Fails: kInvalid for a further claim without its '=', or one that is there already.
Result<std::string> token_claims(const TokenFlags& flags, const jwt::JwtOptions& options, std::int64_t now_unix_s);

}  // namespace fanfare::cli
