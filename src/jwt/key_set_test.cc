#include "jwt/key_set.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "crypto/public_keys_test_support.h"
#include "jwt/tokens_test_support.h"

namespace fanfare::jwt {
namespace {

using crypto::kEcPem;
using crypto::kEcX;
using crypto::kEcY;
using crypto::kRsaE;
using crypto::kRsaN;
using crypto::kRsaPem;

std::string rsa_jwk(std::string_view more = "") {
  return R"({"kty":"RSA","n":")" + std::string(kRsaN) + R"(","e":")" + std::string(kRsaE) + "\"" + std::string(more) +
         "}";
}
std::string ec_jwk(std::string_view more = "") {
  return R"({"kty":"EC","crv":"P-256","x":")" + std::string(kEcX) + R"(","y":")" + std::string(kEcY) + "\"" +
         std::string(more) + "}";
}
std::string set_of(const std::string& keys) { return R"({"keys":[)" + keys + "]}"; }

TEST(KeySetTest, BindsEachKeyToTheAlgorithmsOfItsKind) {
  KeySet keys;
  ASSERT_TRUE(keys.add_secret(kSecret).ok());
  ASSERT_TRUE(keys.add_pem(kRsaPem).ok());
  ASSERT_TRUE(keys.add_pem(kEcPem).ok());
  for (const auto& [algorithm, kind] : {std::pair(Algorithm::kHs256, "secret"), std::pair(Algorithm::kHs512, "secret"),
                                        std::pair(Algorithm::kRs256, "rsa"), std::pair(Algorithm::kEs256, "ec")}) {
    const auto found = keys.candidates(algorithm, std::nullopt);
    ASSERT_EQ(found.size(), 1U) << name_of(algorithm);
    const std::string_view material = kind == std::string_view("secret") ? kSecret
                                      : kind == std::string_view("rsa")  ? kRsaPem
                                                                         : kEcPem;
    EXPECT_EQ(found[0]->material, material) << name_of(algorithm);
  }
}

TEST(KeySetTest, ReadsAKeySetAndLeavesOutWhatIsOfNoUse) {
  KeySet keys;
  const std::string document =
      set_of(rsa_jwk(R"(,"kid":"rsa-1","alg":"RS256","use":"sig")") + "," + ec_jwk(R"(,"kid":"ec-1")") + "," +
             rsa_jwk(R"(,"kid":"enc","use":"enc")") + "," + rsa_jwk(R"(,"kid":"rs512","alg":"RS512")") + "," +
             rsa_jwk(R"(,"kid":"hs","alg":"HS256")") + "," + ec_jwk(R"(,"kid":"ops","key_ops":["sign"])") +
             R"(,{"kty":"OKP","crv":"Ed25519","x":"AAAA"},{"kty":"oct","k":"c2VjcmV0"},7,null,{"kty":"RSA","n":1})");
  ASSERT_TRUE(keys.add_jwks(document, false).ok());
  ASSERT_EQ(keys.keys().size(), 2U);
  EXPECT_EQ(keys.keys()[0].kid, "rsa-1");
  EXPECT_EQ(keys.keys()[1].kid, "ec-1");
}

TEST(KeySetTest, SecretsAreReadFromFilesOnly) {
  const std::string document = set_of(R"({"kty":"oct","k":"c2VjcmV0","alg":"HS512","kid":"s"})");
  KeySet fetched;
  EXPECT_FALSE(fetched.add_jwks(document, false).ok());
  KeySet from_file;
  ASSERT_TRUE(from_file.add_jwks(document, true).ok());
  EXPECT_EQ(from_file.candidates(Algorithm::kHs512, "s").size(), 1U);
  EXPECT_TRUE(from_file.candidates(Algorithm::kHs256, "s").empty()) << "its alg binds it";
}

TEST(KeySetTest, AKidFindsItsKeyOnly) {
  KeySet keys;
  ASSERT_TRUE(keys.add_jwks(set_of(rsa_jwk(R"(,"kid":"a")") + "," + rsa_jwk(R"(,"kid":"b")")), false).ok());
  EXPECT_EQ(keys.candidates(Algorithm::kRs256, "a").size(), 1U);
  EXPECT_EQ(keys.candidates(Algorithm::kRs256, std::nullopt).size(), 2U);
  EXPECT_TRUE(keys.candidates(Algorithm::kRs256, "A").empty());
  EXPECT_TRUE(keys.candidates(Algorithm::kHs256, "a").empty());
  // A key without a name is tried for a name that is not known, but not for one that another key has.
  ASSERT_TRUE(keys.add_pem(kRsaPem).ok());
  EXPECT_EQ(keys.candidates(Algorithm::kRs256, "c").size(), 1U);
  EXPECT_EQ(keys.candidates(Algorithm::kRs256, "a").size(), 1U);
}

TEST(KeySetTest, TriesABoundedNumberOfKeys) {
  std::string many;
  for (int i = 0; i < 20; ++i) many += (i == 0 ? "" : ",") + ec_jwk();
  KeySet keys;
  ASSERT_TRUE(keys.add_jwks(set_of(many), false).ok());
  EXPECT_EQ(keys.candidates(Algorithm::kEs256, std::nullopt).size(), KeySet::kCandidatesMax);
}

TEST(KeySetTest, KeysThatAreLeftWithoutAnAlgorithmGo) {
  KeySet keys;
  ASSERT_TRUE(keys.add_secret(kSecret).ok());
  ASSERT_TRUE(keys.add_pem(kRsaPem).ok());
  const Algorithm only[] = {Algorithm::kHs256};
  keys.restrict_to(only);
  ASSERT_EQ(keys.keys().size(), 1U);
  EXPECT_TRUE(keys.candidates(Algorithm::kHs384, std::nullopt).empty());
}

TEST(KeySetTest, RefusesWhatIsNoKeySet) {
  KeySet keys;
  for (const char* text : {"", "[]", "{}", R"({"keys":{}})", R"({"keys":[]})", R"({"keys":[{}]})", "\xff"}) {
    EXPECT_FALSE(keys.add_jwks(text, true).ok()) << text;
  }
  EXPECT_FALSE(keys.add_secret("").ok());
  EXPECT_FALSE(keys.add_pem("secret").ok());
  EXPECT_TRUE(keys.empty());
}

}  // namespace
}  // namespace fanfare::jwt
