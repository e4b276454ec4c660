// Tokens: the parser neither crashes nor lets through what it should not, and nothing that it reads verifies under keys
// that never signed it.
#include <cstdint>
#include <string_view>
#include <variant>

#include "base/assert.h"
#include "base/bytes.h"
#include "json/json_reader.h"
#include "jwt/token.h"
#include "jwt/verifier.h"

namespace {

const fanfare::jwt::KeySet& keys() {
  static const fanfare::jwt::KeySet kKeys = [] {
    fanfare::jwt::KeySet made;
    FANFARE_ASSERT(made.add_secret("f51c2b0a9d8e7f6a5b4c3d2e1f0a9b8c").ok());
    return made;
  }();
  return kKeys;
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fanfare;
  const std::string_view text = as_text({data, size});
  const auto parsed = jwt::parse_token(text);
  if (const auto* token = std::get_if<jwt::Token>(&parsed)) {
    FANFARE_ASSERT(token->text == text && text.size() <= jwt::kTokenBytesMax);
    FANFARE_ASSERT(!token->kid || (!token->kid->empty() && token->kid->size() <= jwt::kKidBytesMax));
    json::Reader claims;
    FANFARE_ASSERT(claims.parse_object(token->claims).ok());
    const auto identity = jwt::read_identity(claims, {}, {"teams"});
    if (const auto* read = std::get_if<jwt::Identity>(&identity)) FANFARE_ASSERT(!read->user_id.empty());
  } else {
    FANFARE_ASSERT(std::get<jwt::TokenError>(parsed).message.size() < 256);
  }
  const auto verdict = jwt::Verifier({}).verify(text, keys(), WallTime(std::chrono::seconds(1'700'000'000)));
  FANFARE_ASSERT(std::holds_alternative<jwt::TokenError>(verdict));
  // A key set from the network is a decoder, too.
  jwt::KeySet set;
  if (set.add_jwks(text, true).ok()) FANFARE_ASSERT(!set.empty());
  return 0;
}
