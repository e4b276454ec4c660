// What can be set about JSON Web Tokens; config/ composes it into the one Config.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace fanfare::jwt {

// Where the user's data stand in a token. A name is taken whole: a dot in it is part of it.
struct ClaimNames {
  std::string user_id = "sub";
  std::string role = "role";
  std::string name = "name";
  std::string avatar = "avatar";  // else avatar_url
  std::string classes = "classes";
  std::string watchlist = "watchlist";
};

struct JwtOptions {
  // Keys, all of them together.
  std::string secret{};           // HS256, HS384, HS512
  std::string public_key{};       // RS256 or ES256: a PEM itself
  std::string public_key_file{};  // the path of one
  std::string jwks_file{};        // a JSON Web Key Set (RFC 7517)
  std::string jwks_url{};         // one that is fetched

  std::vector<std::string> algorithms{};  // only these; empty: each key's own
  std::string issuer{};                   // empty: not checked
  std::vector<std::string> audience{};    // one of them must be in `aud`; empty: not checked
  std::chrono::seconds leeway{30};        // for exp and nbf, against clocks that differ
  bool require_exp = true;
  ClaimNames claims{};

  std::chrono::seconds jwks_refresh{300};  // how old a fetched set may be
  // Between two fetches, whatever happens: tokens with made-up key ids must not become requests to the issuer.
  std::chrono::seconds jwks_refetch_min{30};
};

}  // namespace fanfare::jwt
