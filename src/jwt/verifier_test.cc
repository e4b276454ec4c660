#include "jwt/verifier.h"

#include <gtest/gtest.h>

#include "crypto/public_keys_test_support.h"
#include "jwt/mint.h"
#include "jwt/tokens_test_support.h"

namespace fanfare::jwt {
namespace {

constexpr std::int64_t kNow = 1'700'000'000;
const WallTime kNowTime{std::chrono::seconds(kNow)};

KeySet all_keys() {
  KeySet keys;
  EXPECT_TRUE(keys.add_secret(kSecret).ok());
  EXPECT_TRUE(keys.add_pem(crypto::kRsaPem).ok());
  EXPECT_TRUE(keys.add_pem(crypto::kEcPem).ok());
  return keys;
}

// The user's id, or the code of the refusal.
std::string outcome(std::string_view token, const KeySet& keys, const JwtOptions& options = {},
                    WallTime now = kNowTime) {
  const Verdict verdict = Verifier(options).verify(token, keys, now);
  if (const auto* error = std::get_if<TokenError>(&verdict)) return std::string(code_of(error->fault));
  return std::get<Identity>(verdict).user_id;
}

std::string outcome_of(std::string_view claims, const JwtOptions& options = {}, WallTime now = kNowTime) {
  return outcome(mint_hs256(claims, kSecret), all_keys(), options, now);
}

TEST(VerifierTest, BelievesWhatOthersSigned) {
  for (const std::string_view token : {kHs256Token, kHs384Token, kHs512Token, kRs256Token, kEs256Token}) {
    EXPECT_EQ(outcome(token, all_keys()), "7") << token;
  }
  EXPECT_EQ(outcome(kRs512Token, all_keys()), "token_algorithm");
}

TEST(VerifierTest, AChangedCharacterAnywhereIsRefused) {
  for (const std::string_view good : {kHs256Token, kRs256Token, kEs256Token}) {
    for (std::size_t i = 0; i < good.size(); i += 7) {
      std::string token(good);
      token[i] = token[i] == 'A' ? 'B' : 'A';
      EXPECT_TRUE(outcome(token, all_keys()).starts_with("token_")) << i;
    }
  }
}

TEST(VerifierTest, APublicKeyIsNeverTakenForASecret) {
  KeySet keys;
  ASSERT_TRUE(keys.add_pem(crypto::kRsaPem).ok());
  EXPECT_EQ(outcome(kConfusedToken, keys), "token_key_unknown");
  EXPECT_EQ(outcome(kConfusedToken, all_keys()), "token_key_unknown") << "the secret that is tried is another one";
  // With the key's name known, it is its algorithm that does not fit.
  KeySet named;
  ASSERT_TRUE(named
                  .add_jwks(R"({"keys":[{"kty":"RSA","kid":"rsa-1","n":")" + std::string(crypto::kRsaN) + R"(","e":")" +
                                std::string(crypto::kRsaE) + "\"}]}",
                            false)
                  .ok());
  EXPECT_EQ(outcome(kConfusedToken, named), "token_algorithm");
  EXPECT_EQ(outcome(kRs256Token, named), "7");
}

TEST(VerifierTest, AnotherSecretOrNoKeyIsRefused) {
  EXPECT_EQ(outcome(mint_hs256(R"({"sub":"7","exp":1700000100})", "another secret"), all_keys()), "token_signature");
  EXPECT_EQ(outcome(kHs256Token, KeySet()), "token_key_unknown");
}

TEST(VerifierTest, ATokenExpiresAtExpAndLeewayAndNotBefore) {
  const JwtOptions strict{.leeway = std::chrono::seconds(0)};
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1700000001})", strict), "7");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1700000000})", strict), "token_expired");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1700000000.5})", strict), "7");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1699999971})"), "7");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1699999970})"), "token_expired");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":-1})"), "token_expired");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1e300})"), "7");
}

TEST(VerifierTest, ExpIsRequiredUnlessTheConfigurationSaysOtherwise) {
  EXPECT_EQ(outcome_of(R"({"sub":"7"})"), "token_without_expiry");
  EXPECT_EQ(outcome_of(R"({"sub":"7"})", {.require_exp = false}), "7");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1})", {.require_exp = false}), "token_expired");
  for (const char* exp : {"null", "\"1700000100\"", "true", "[]"}) {
    EXPECT_EQ(outcome_of(R"({"sub":"7","exp":)" + std::string(exp) + "}"), "token_malformed") << exp;
  }
}

TEST(VerifierTest, NbfIsHeldTo) {
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1700009999,"nbf":1700000030})"), "7");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1700009999,"nbf":1700000031})"), "token_not_yet_valid");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1700009999,"nbf":"x"})"), "token_malformed");
}

TEST(VerifierTest, IssuerAndAudienceAreHeldToWhereTheyAreSet) {
  const JwtOptions options{.issuer = "https://id.example", .audience = {"fanfare", "other"}};
  const auto with = [&](const std::string& rest) {
    return outcome_of(R"({"sub":"7","exp":1700009999)" + rest + "}", options);
  };
  EXPECT_EQ(with(R"(,"iss":"https://id.example","aud":"fanfare")"), "7");
  EXPECT_EQ(with(R"(,"iss":"https://id.example","aud":["x","other"])"), "7");
  EXPECT_EQ(with(R"(,"aud":"fanfare")"), "token_issuer");
  EXPECT_EQ(with(R"(,"iss":"https://id.example/","aud":"fanfare")"), "token_issuer");
  for (const char* aud : {"\"Fanfare\"", "[]", "[[\"fanfare\"]]", "{}", "\"fanfare other\"", "null"}) {
    EXPECT_EQ(with(R"(,"iss":"https://id.example","aud":)" + std::string(aud)), "token_audience") << aud;
  }
  EXPECT_EQ(with(R"(,"iss":"https://id.example")"), "token_audience");
  EXPECT_EQ(outcome_of(R"({"sub":"7","exp":1700009999,"aud":"anything"})"), "7");
}

TEST(VerifierTest, TheSignatureIsAskedBeforeTheClaims) {
  EXPECT_EQ(outcome(mint_hs256(R"({"sub":"7","exp":1})", "forged"), all_keys()), "token_signature");
}

TEST(VerifierTest, ATokenWithoutAUserIsRefused) { EXPECT_EQ(outcome_of(R"({"exp":1700009999})"), "token_claims"); }

}  // namespace
}  // namespace fanfare::jwt
