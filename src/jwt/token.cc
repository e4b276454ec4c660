#include "jwt/token.h"

#include <unordered_set>

#include "crypto/base64.h"
#include "json/json_reader.h"

namespace fanfare::jwt {
namespace {

TokenError malformed(std::string message) { return {TokenFault::kMalformed, std::move(message)}; }

bool has_repeated_key(const json::Reader& reader) {
  std::unordered_set<std::string_view> seen;
  for (const json::Field& field : reader.fields()) {
    if (!seen.insert(field.key).second) return true;
  }
  return false;
}

// Empty: it is one object, each of its keys once.
std::string fault_of_object(json::Reader& reader, std::string_view document, std::string_view what) {
  if (Status status = reader.parse_object(document); !status.ok()) {
    return "the token's " + std::string(what) + " is no JSON object";
  }
  if (has_repeated_key(reader)) return "the token's " + std::string(what) + " has a key twice";
  return {};
}

std::optional<TokenError> read_header(const json::Reader& header, Token& token) {
  if (header.find("crit") != nullptr) {
    return TokenError{TokenFault::kAlgorithm, "the token's header has crit, which asks for extensions"};
  }
  const json::Value* alg = header.find("alg");
  if (alg == nullptr || !alg->is_string()) {
    return TokenError{TokenFault::kAlgorithm, "the token's header has no alg"};
  }
  const auto algorithm = algorithm_of(alg->text);
  if (!algorithm) {
    return TokenError{TokenFault::kAlgorithm, "the token's alg is not one of HS256, HS384, HS512, RS256 and ES256"};
  }
  token.algorithm = *algorithm;
  const json::Value* kid = header.find("kid");
  if (kid == nullptr) return std::nullopt;
  if (!kid->is_string() || kid->text.empty() || kid->text.size() > kKidBytesMax) {
    return malformed("the token's kid is not a text of 1 to " + std::to_string(kKidBytesMax) + " bytes");
  }
  token.kid = std::string(kid->text);
  return std::nullopt;
}

}  // namespace

std::variant<Token, TokenError> parse_token(std::string_view text) {
  if (text.size() > kTokenBytesMax) {
    return malformed("the token is " + std::to_string(text.size()) + " bytes, at most " +
                     std::to_string(kTokenBytesMax) + " are read");
  }
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) {
    return malformed("expected a token of three parts with dots between them");
  }
  const auto header = crypto::from_base64url(text.substr(0, first));
  const auto claims = crypto::from_base64url(text.substr(first + 1, second - first - 1));
  const auto signature = crypto::from_base64url(text.substr(second + 1));
  if (!header || !claims || !signature) return malformed("a part of the token is not base64url without padding");

  thread_local json::Reader reader;
  if (std::string fault = fault_of_object(reader, *header, "header"); !fault.empty()) return malformed(fault);
  Token token;
  token.text = text;
  if (auto refused = read_header(reader, token)) return *std::move(refused);
  if (signature->empty()) return TokenError{TokenFault::kSignature, "the token has no signature"};
  if (std::string fault = fault_of_object(reader, *claims, "claims"); !fault.empty()) return malformed(fault);
  token.claims = *claims;
  return token;
}

}  // namespace fanfare::jwt
