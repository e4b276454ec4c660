#include "cli/token_claims.h"

#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

std::string claims(const TokenFlags& flags, const jwt::JwtOptions& options = {}) {
  const auto made = token_claims(flags, options, 1'700'000'000);
  return made.ok() ? *made : made.error().message;
}

TEST(TokenClaimsTest, HaveWhatTheFlagsSay) {
  EXPECT_EQ(claims({.user = "7", .role = "teacher", .name = "Ida \"I\"", .classes = {"7b"}}),
            R"({"sub":"7","role":"teacher","name":"Ida \"I\"","classes":["7b"],"iat":1700000000,"exp":1700003600})");
}

TEST(TokenClaimsTest, GoByTheConfigurationsNames) {
  jwt::JwtOptions options{.issuer = "me", .audience = {"fanfare", "other"}};
  options.claims.user_id = "uid";
  EXPECT_EQ(claims({.user = "7", .expires_in_s = -60}, options),
            R"({"uid":"7","iss":"me","aud":"fanfare","iat":1700000000,"exp":1699999940})");
}

TEST(TokenClaimsTest, FurtherOnesAreJsonOrText) {
  EXPECT_EQ(claims({.user = "7", .further = {"teams=[1, 2]", "note=not json"}}),
            R"({"sub":"7","iat":1700000000,"exp":1700003600,"teams":[1,2],"note":"not json"})");
  EXPECT_EQ(claims({.user = "7", .further = {"sub=8"}}), "claim sub is given twice");
  EXPECT_EQ(claims({.user = "7", .further = {"sub"}}), "--claim: expected NAME=VALUE");
}

}  // namespace
}  // namespace fanfare::cli
