#include "jwt/token.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "jwt/tokens_test_support.h"

namespace fanfare::jwt {
namespace {

std::string encode(std::string_view text) { return crypto::to_base64url(as_bytes(text)); }

std::string token_of(std::string_view header, std::string_view claims = R"({"sub":"7"})",
                     std::string_view signature = "sig") {
  return encode(header) + "." + encode(claims) + "." + encode(signature);
}

// "token_malformed", or "" for one that can be read.
std::string fault(std::string_view text) {
  const auto parsed = parse_token(text);
  const auto* error = std::get_if<TokenError>(&parsed);
  return error == nullptr ? "" : std::string(code_of(error->fault));
}

TEST(TokenTest, TakesATokenApart) {
  const auto parsed = parse_token(kRs256Token);
  ASSERT_TRUE(std::holds_alternative<Token>(parsed));
  const auto& token = std::get<Token>(parsed);
  EXPECT_EQ(token.algorithm, Algorithm::kRs256);
  EXPECT_EQ(token.kid, "rsa-1");
  EXPECT_EQ(token.claims, R"({"sub":"7","role":"teacher","name":"Ida","exp":4102444800})");
}

TEST(TokenTest, NoneIsRefusedInEverySpelling) {
  for (const char* alg : {"none", "None", "NONE", "nOnE", "", " none", "HS256 ", "hs256", "RS512", "PS256", "EdDSA"}) {
    EXPECT_EQ(fault(token_of(R"({"alg":")" + std::string(alg) + "\"}")), "token_algorithm") << alg;
    EXPECT_EQ(fault(encode(R"({"alg":")" + std::string(alg) + "\"}") + "." + encode("{}") + "."), "token_algorithm");
  }
  for (const char* header : {"{}", R"({"alg":null})", R"({"alg":0})", R"({"alg":["HS256"]})", R"({"typ":"JWT"})"}) {
    EXPECT_EQ(fault(token_of(header)), "token_algorithm") << header;
  }
}

TEST(TokenTest, AKeyThatIsNamedTwiceIsRefused) {
  EXPECT_EQ(fault(token_of(R"({"alg":"none","alg":"HS256"})")), "token_malformed");
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256","\u0061lg":"RS256"})")), "token_malformed");
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256"})", R"({"sub":"1","sub":"2"})")), "token_malformed");
}

TEST(TokenTest, ExtensionsAndUnsignedTokensAreRefused) {
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256","crit":["b64"],"b64":false})")), "token_algorithm");
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256"})", "{}", "")), "token_signature");
}

TEST(TokenTest, AKidIsATextOfBoundedSize) {
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256","kid":1})")), "token_malformed");
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256","kid":""})")), "token_malformed");
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256","kid":")" + std::string(kKidBytesMax, 'k') + "\"}")), "");
  EXPECT_EQ(fault(token_of(R"({"alg":"HS256","kid":")" + std::string(kKidBytesMax + 1, 'k') + "\"}")),
            "token_malformed");
  // Tricks on those who look keys up by it; here it is compared only.
  for (const char* kid : {"../../dev/null", "' OR 1=1 --", "file:///etc/passwd", "| id"}) {
    EXPECT_EQ(fault(token_of(R"({"alg":"HS256","kid":")" + std::string(kid) + "\"}")), "") << kid;
  }
}

TEST(TokenTest, RefusesWhatIsNoToken) {
  const std::string good(kHs256Token);
  EXPECT_EQ(fault(good), "");
  for (const std::string& text : {std::string(),
                                  std::string("."),
                                  std::string(".."),
                                  std::string("..."),
                                  std::string("a.b"),
                                  good + ".",
                                  "." + good,
                                  good + "=",
                                  good + "\n",
                                  " " + good,
                                  good.substr(0, good.rfind('.')),
                                  good + ".x",
                                  std::string("a.b.c.d.e"),
                                  "Bearer " + good,
                                  token_of("[]"),
                                  token_of("{"),
                                  token_of("\xff"),
                                  token_of(R"({"alg":"HS256"})", "[]"),
                                  token_of(R"({"alg":"HS256"})", ""),
                                  std::string(kTokenBytesMax + 1, 'a')}) {
    EXPECT_EQ(fault(text), "token_malformed") << text.substr(0, 60);
  }
}

TEST(TokenTest, ErrorsNeverShowTheToken) {
  const auto parsed = parse_token("c2VjcmV0.c2VjcmV0.c2VjcmV0");
  EXPECT_EQ(std::get<TokenError>(parsed).message.find("c2Vj"), std::string::npos);
}

}  // namespace
}  // namespace fanfare::jwt
