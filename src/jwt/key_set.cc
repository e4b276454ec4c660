#include "jwt/key_set.h"

#include <algorithm>

#include "crypto/base64.h"
#include "crypto/public_key.h"
#include "json/json_reader.h"

namespace fanfare::jwt {
namespace {

// The text member `name` of a key; empty: missing, or no text.
std::string_view text_of(const json::Reader& key, std::string_view name) {
  const json::Value* value = key.find(name);
  return value != nullptr && value->is_string() ? value->text : std::string_view{};
}

std::string bytes_of(const json::Reader& key, std::string_view name) {
  return crypto::from_base64url(text_of(key, name)).value_or(std::string());
}

std::optional<Key> key_of(KeyKind kind, const Result<crypto::PublicKey>& made) {
  if (!made.ok()) return std::nullopt;
  return Key{
      .kid = {}, .algorithms = {kind == KeyKind::kRsa ? Algorithm::kRs256 : Algorithm::kEs256}, .material = made->pem};
}

std::optional<Key> material_of(const json::Reader& key, bool allow_secrets) {
  const std::string_view type = text_of(key, "kty");
  if (type == "RSA") return key_of(KeyKind::kRsa, crypto::make_rsa_key(bytes_of(key, "n"), bytes_of(key, "e")));
  if (type == "EC" && text_of(key, "crv") == "P-256") {
    return key_of(KeyKind::kEcP256, crypto::make_p256_key(bytes_of(key, "x"), bytes_of(key, "y")));
  }
  if (type == "oct" && allow_secrets) {
    std::string secret = bytes_of(key, "k");
    if (secret.empty()) return std::nullopt;
    return Key{.kid = {},
               .algorithms = {Algorithm::kHs256, Algorithm::kHs384, Algorithm::kHs512},
               .material = std::move(secret)};
  }
  return std::nullopt;
}

// Whether `key_ops`, where it is there, lets verify. Source: RFC 7517, section 4.3
bool may_verify(const json::Reader& key) {
  const json::Value* operations = key.find("key_ops");
  if (operations == nullptr) return true;
  json::Reader list;
  if (!operations->is_array() || !list.parse(operations->raw).ok()) return false;
  return std::ranges::any_of(list.elements(),
                             [](const json::Value& one) { return one.is_string() && one.text == "verify"; });
}

std::optional<Key> read_key(std::string_view document, bool allow_secrets) {
  json::Reader reader;
  if (!reader.parse_object(document).ok()) return std::nullopt;
  if (reader.find("use") != nullptr && text_of(reader, "use") != "sig") return std::nullopt;
  if (!may_verify(reader)) return std::nullopt;
  std::optional<Key> key = material_of(reader, allow_secrets);
  if (!key) return std::nullopt;
  if (reader.find("alg") != nullptr) {
    const auto bound = algorithm_of(text_of(reader, "alg"));
    if (!bound || std::ranges::find(key->algorithms, *bound) == key->algorithms.end()) return std::nullopt;
    key->algorithms = {*bound};
  }
  if (const std::string_view kid = text_of(reader, "kid"); !kid.empty()) key->kid = std::string(kid);
  return key;
}

bool has_algorithm(const Key& key, Algorithm algorithm) {
  return std::ranges::find(key.algorithms, algorithm) != key.algorithms.end();
}

}  // namespace

Status KeySet::add_secret(std::string_view secret) {
  if (secret.empty()) return invalid("the secret for tokens is empty");
  keys_.push_back({.kid = {},
                   .algorithms = {Algorithm::kHs256, Algorithm::kHs384, Algorithm::kHs512},
                   .material = std::string(secret)});
  return {};
}

Status KeySet::add_pem(std::string_view pem) {
  const auto parsed = crypto::parse_public_key(pem);
  if (!parsed.ok()) return parsed.error();
  keys_.push_back(*key_of(parsed->kind == crypto::PublicKeyKind::kRsa ? KeyKind::kRsa : KeyKind::kEcP256, parsed));
  return {};
}

Status KeySet::add_jwks(std::string_view document, bool allow_secrets) {
  json::Reader reader;
  if (Status status = reader.parse_object(document); !status.ok()) return status;
  const json::Value* list = reader.find("keys");
  if (list == nullptr || !list->is_array()) return invalid("expected a JSON Web Key Set, {\"keys\":[…]}");
  json::Reader keys;
  if (Status status = keys.parse(list->raw); !status.ok()) return status;
  const std::size_t before = keys_.size();
  for (const json::Value& element : keys.elements()) {
    if (keys_.size() == kKeysMax) break;
    if (auto key = read_key(element.raw, allow_secrets)) keys_.push_back(*std::move(key));
  }
  if (keys_.size() == before) return invalid("the key set has no key for RS256, ES256 or, in a file, HS256");
  return {};
}

void KeySet::restrict_to(std::span<const Algorithm> algorithms) {
  for (Key& key : keys_) {
    std::erase_if(key.algorithms,
                  [&](Algorithm algorithm) { return std::ranges::find(algorithms, algorithm) == algorithms.end(); });
  }
  std::erase_if(keys_, [](const Key& key) { return key.algorithms.empty(); });
}

std::vector<const Key*> KeySet::candidates(Algorithm algorithm, const std::optional<std::string>& kid) const {
  std::vector<const Key*> found;
  const auto collect = [&](auto&& fits) {
    for (const Key& key : keys_) {
      if (found.size() < kCandidatesMax && has_algorithm(key, algorithm) && fits(key)) found.push_back(&key);
    }
  };
  if (!kid) {
    collect([](const Key&) { return true; });
  } else if (has_kid(*kid)) {
    collect([&](const Key& key) { return key.kid == kid; });
  } else {
    collect([](const Key& key) { return !key.kid.has_value(); });
  }
  return found;
}

bool KeySet::has_kid(std::string_view kid) const noexcept {
  return std::ranges::any_of(keys_, [&](const Key& key) { return key.kid && *key.kid == kid; });
}

}  // namespace fanfare::jwt
