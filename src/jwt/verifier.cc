#include "jwt/verifier.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "jwt/signature.h"
#include "jwt/token.h"

namespace fanfare::jwt {
namespace {

using Fault = std::optional<TokenError>;

// A NumericDate: seconds, perhaps with a fraction. Source: RFC 7519, section 2
struct Moment {
  bool is_there = false;
  bool is_number = false;
  double unix_s = 0;
};

Moment moment_of(const json::Reader& claims, std::string_view claim) {
  const json::Value* value = claims.find(claim);
  if (value == nullptr) return {};
  Moment moment{.is_there = true, .is_number = false, .unix_s = 0};
  if (value->kind != json::Kind::kNumber) return moment;
  const auto [end, error] = std::from_chars(value->raw.data(), value->raw.data() + value->raw.size(), moment.unix_s);
  moment.is_number = error == std::errc() && end == value->raw.data() + value->raw.size();
  return moment;
}

TokenError no_date(std::string_view claim) {
  return {TokenFault::kMalformed, "claim " + std::string(claim) + ": expected a number of seconds"};
}

Fault check_times(const json::Reader& claims, const JwtOptions& options, double now_s) {
  const auto leeway = static_cast<double>(options.leeway.count());
  const Moment expires = moment_of(claims, "exp");
  if (expires.is_there && !expires.is_number) return no_date("exp");
  if (!expires.is_there && options.require_exp) {
    return TokenError{TokenFault::kNoExpiry, "the token has no exp, which is required"};
  }
  if (expires.is_there && now_s >= expires.unix_s + leeway) {
    return TokenError{TokenFault::kExpired, "the token has expired"};
  }
  const Moment begins = moment_of(claims, "nbf");
  if (begins.is_there && !begins.is_number) return no_date("nbf");
  if (begins.is_there && now_s + leeway < begins.unix_s) {
    return TokenError{TokenFault::kNotYetValid, "the token is not valid yet (nbf)"};
  }
  return std::nullopt;
}

Fault check_issuer(const json::Reader& claims, const std::string& expected) {
  if (expected.empty()) return std::nullopt;
  const json::Value* issuer = claims.find("iss");
  if (issuer != nullptr && issuer->is_string() && issuer->text == expected) return std::nullopt;
  return TokenError{TokenFault::kIssuer, issuer == nullptr ? "the token has no iss" : "the token is of another issuer"};
}

Fault check_audience(const json::Reader& claims, const std::vector<std::string>& expected) {
  if (expected.empty()) return std::nullopt;
  const auto is_expected = [&](const json::Value& value) {
    return value.is_string() && std::ranges::find(expected, value.text) != expected.end();
  };
  const json::Value* audience = claims.find("aud");
  if (audience == nullptr) return TokenError{TokenFault::kAudience, "the token has no aud"};
  if (is_expected(*audience)) return std::nullopt;
  if (audience->is_array()) {
    json::Reader list;
    if (list.parse(audience->raw).ok() && std::ranges::any_of(list.elements(), is_expected)) return std::nullopt;
  }
  return TokenError{TokenFault::kAudience, "the token is for another audience"};
}

}  // namespace

Verifier::Verifier(const JwtOptions& options, std::vector<std::string> extra_claims)
    : options_(options), extra_claims_(std::move(extra_claims)) {}

std::variant<std::monostate, TokenError> Verifier::check_claims(const json::Reader& claims, WallTime now) const {
  const double now_s = std::chrono::duration<double>(now.time_since_epoch()).count();
  if (Fault fault = check_times(claims, options_, now_s)) return *std::move(fault);
  if (Fault fault = check_issuer(claims, options_.issuer)) return *std::move(fault);
  if (Fault fault = check_audience(claims, options_.audience)) return *std::move(fault);
  return std::monostate{};
}

Verdict Verifier::verify(std::string_view text, const KeySet& keys, WallTime now) const {
  auto parsed = parse_token(text);
  if (auto* error = std::get_if<TokenError>(&parsed)) return std::move(*error);
  const Token& token = std::get<Token>(parsed);

  const std::vector<const Key*> candidates = keys.candidates(token.algorithm, token.kid);
  if (candidates.empty()) {
    if (token.kid && keys.has_kid(*token.kid)) {
      return TokenError{TokenFault::kAlgorithm, "the token's alg is not one of its key's"};
    }
    return TokenError{TokenFault::kUnknownKey, "no key for a token of " + std::string(name_of(token.algorithm)) +
                                                   (token.kid ? " with that kid" : "")};
  }
  const bool is_signed = std::ranges::any_of(
      candidates, [&](const Key* key) { return verify_signature(token.text, token.algorithm, key->material); });
  if (!is_signed) {
    // A key without a name was tried in place of one that is not known (yet).
    if (token.kid && !keys.has_kid(*token.kid)) {
      return TokenError{TokenFault::kUnknownKey, "the token's signature fits no key, and its kid is not known"};
    }
    return TokenError{TokenFault::kSignature, "the token's signature does not fit"};
  }

  json::Reader claims;
  if (!claims.parse_object(token.claims).ok()) return TokenError{TokenFault::kMalformed, "no JSON object"};
  auto checked = check_claims(claims, now);
  if (auto* error = std::get_if<TokenError>(&checked)) return std::move(*error);
  return read_identity(claims, options_.claims, extra_claims_);
}

}  // namespace fanfare::jwt
