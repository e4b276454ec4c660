#include "crypto/public_key.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "crypto/public_keys_test_support.h"

namespace fanfare::crypto {
namespace {

std::string bytes(std::string_view base64url) { return from_base64url(base64url).value(); }

TEST(PublicKeyTest, ReadsBothKindsOfPem) {
  const auto rsa = parse_public_key(kRsaPem);
  ASSERT_TRUE(rsa.ok());
  EXPECT_EQ(rsa->kind, PublicKeyKind::kRsa);
  EXPECT_EQ(rsa->pem, kRsaPem);
  const auto curve = parse_public_key(kEcPem);
  ASSERT_TRUE(curve.ok());
  EXPECT_EQ(curve->kind, PublicKeyKind::kEcP256);
}

TEST(PublicKeyTest, TheNumbersOfAJsonWebKeyMakeTheSameKeys) {
  const auto rsa = make_rsa_key(bytes(kRsaN), bytes(kRsaE));
  ASSERT_TRUE(rsa.ok()) << rsa.error().message;
  EXPECT_EQ(rsa->pem, kRsaPem);
  const auto curve = make_p256_key(bytes(kEcX), bytes(kEcY));
  ASSERT_TRUE(curve.ok()) << curve.error().message;
  EXPECT_EQ(curve->pem, kEcPem);
}

TEST(PublicKeyTest, RefusesWeakKeysAndOtherCurves) {
  EXPECT_NE(parse_public_key(kSmallRsaPem).error().message.find("1024 bits"), std::string::npos);
  EXPECT_NE(parse_public_key(kP384Pem).error().message.find("other than P-256"), std::string::npos);
  EXPECT_FALSE(make_rsa_key("\x7f", "\x03").ok());
}

TEST(PublicKeyTest, RefusesAPointThatIsNotOnTheCurve) {
  std::string y = bytes(kEcY);
  y[31] = static_cast<char>(y[31] ^ 1);
  EXPECT_FALSE(make_p256_key(bytes(kEcX), y).ok());
  EXPECT_FALSE(make_p256_key(bytes(kEcX), "").ok());
  EXPECT_FALSE(make_p256_key(std::string(32, '\0'), std::string(32, '\0')).ok());
}

TEST(PublicKeyTest, RefusesWhatIsNoKey) {
  const std::string half(kRsaPem.substr(0, kRsaPem.size() / 2));
  for (const std::string& text : {std::string(), std::string("secret"), half, std::string(70'000, 'x'),
                                  std::string("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")}) {
    EXPECT_FALSE(parse_public_key(text).ok()) << text.substr(0, 40);
  }
  EXPECT_FALSE(make_rsa_key("", "").ok());
  EXPECT_FALSE(make_rsa_key(std::string(5000, '\xff'), "\x03").ok());
}

}  // namespace
}  // namespace fanfare::crypto
