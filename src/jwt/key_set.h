// KeySet: the keys that tokens may be signed with, each bound to its algorithms.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jwt/algorithm.h"

namespace fanfare::jwt {

struct Key {
  std::optional<std::string> kid;
  std::vector<Algorithm> algorithms;  // all of one KeyKind
  std::string material;               // the secret, or a PEM
};

// Immutable once built. Thread: any.
class KeySet {
 public:
  static constexpr std::size_t kKeysMax = 100;
  // Of the keys that could have signed a token no more than so many are tried.
  static constexpr std::size_t kCandidatesMax = 8;

  // Fails: kInvalid for an empty secret.
  Status add_secret(std::string_view secret);
  // Fails: as crypto::parse_public_key().
  Status add_pem(std::string_view pem);
  // A JSON Web Key Set (RFC 7517). Keys that are of no use here are left out: kinds and curves that are not read, `use`
  // other than "sig", `alg` other than the key's. Secrets (kty "oct") only with `allow_secrets`: what anyone can fetch
  // is none. Fails: kInvalid when it is no such set, or has no key that can be used.
  Status add_jwks(std::string_view document, bool allow_secrets);

  // Only these algorithms; keys that are left without one go.
  void restrict_to(std::span<const Algorithm> algorithms);

  bool empty() const noexcept { return keys_.empty(); }
  std::span<const Key> keys() const noexcept { return keys_; }

  // The keys to try, by algorithm first. With a kid those that have it, else (an issuer may name a key that is known
  // here without a name) those without one; without a kid all.
  std::vector<const Key*> candidates(Algorithm algorithm, const std::optional<std::string>& kid) const;
  // Whether a key of that name is here, of whatever algorithm.
  bool has_kid(std::string_view kid) const noexcept;

 private:
  std::vector<Key> keys_;
};

}  // namespace fanfare::jwt
