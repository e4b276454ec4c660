#include "pusher/signed_query.h"

#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

std::string canonical(std::string_view raw, PlusSign plus = PlusSign::kIsSpace) {
  SignedQuery query;
  EXPECT_TRUE(query.parse(raw, plus));
  std::string out;
  query.append_canonical(out);
  return out;
}

TEST(SignedQueryTest, SortsAndLeavesOutTheSignature) {
  EXPECT_EQ(canonical("b=2&auth_signature=x&a=1&AUTH_SIGNATURE=y&c=3"), "a=1&b=2&c=3");
  EXPECT_EQ(canonical("a=1&b=2&c=3&auth_signature=x"), "a=1&b=2&c=3");
  EXPECT_EQ(canonical("a=1&b=2&auth_signature=x&c=3"), "a=1&b=2&c=3");
  EXPECT_EQ(canonical("auth_signature=x&a=1"), "a=1");
  EXPECT_EQ(canonical("auth_signature=x"), "");
  EXPECT_EQ(canonical(""), "");
  EXPECT_EQ(canonical("&&"), "");
}

TEST(SignedQueryTest, LowersKeysAndDecodesOnce) {
  EXPECT_EQ(canonical("Filter%5FBy=Presence%2D%2520&x=a+b"), "filter_by=Presence-%20&x=a b");
  EXPECT_EQ(canonical("x=a+b", PlusSign::kIsPlus), "x=a+b");
  EXPECT_EQ(canonical("x=%26%3D"), "x=&=");
}

TEST(SignedQueryTest, WhatIsNoEscapeStandsForItself) {
  EXPECT_EQ(canonical("a=%&b=%4&c=%zz&d=%4g&e=100%"), "a=%&b=%4&c=%zz&d=%4g&e=100%");
}

TEST(SignedQueryTest, MissingPartsAreEmpty) {
  EXPECT_EQ(canonical("a&b=&=c&d==e"), "=c&a=&b=&d==e");
  EXPECT_EQ(canonical("=c&a=&b=&d==e&auth_signature"), "=c&a=&b=&d==e");
  EXPECT_EQ(canonical("a&b=1"), "a=&b=1");
  EXPECT_EQ(canonical("a&&b=1"), "a=&b=1");
  EXPECT_EQ(canonical("&a=1&&b=1&"), "a=1&b=1");
}

TEST(SignedQueryTest, KeepsTheFirstSignatureApart) {
  SignedQuery query;
  ASSERT_TRUE(query.parse("Auth_Signature=%31&a=1&auth_signature=2", PlusSign::kIsSpace));
  EXPECT_EQ(query.signature(), "1");
  EXPECT_EQ(query.find("auth_signature"), nullptr);
  ASSERT_TRUE(query.parse("a=1", PlusSign::kIsSpace));
  EXPECT_EQ(query.signature(), std::nullopt);
}

TEST(SignedQueryTest, KnowsWhatBelongsToTheSignature) {
  for (const std::string_view key : {"auth_key", "AUTH_version", "auth_", "body_md5", "Body_MD5"}) {
    EXPECT_TRUE(belongs_to_signature(key)) << key;
  }
  for (const std::string_view key : {"", "auth", "author", "xauth_key", "body_md", "body_md55", "info"}) {
    EXPECT_FALSE(belongs_to_signature(key)) << key;
  }
  SignedQuery query;
  ASSERT_TRUE(query.parse("auth_key=1&body%5Fmd5=2&auth_signature=3", PlusSign::kIsSpace));
  EXPECT_FALSE(query.asks_for_more());
  ASSERT_TRUE(query.parse("auth_key=1&body_md5=2&auth_signature=3&info=user_count", PlusSign::kIsSpace));
  EXPECT_TRUE(query.asks_for_more());
}

TEST(SignedQueryTest, EqualKeysKeepTheirOrder) {
  EXPECT_EQ(canonical("z=1&channels[]=b&a=1&channels%5B%5D=a&channels[]=c"),
            "a=1&channels[]=b&channels[]=a&channels[]=c&z=1");
}

TEST(SignedQueryTest, FindsTheFirstOfAKey) {
  SignedQuery query;
  ASSERT_TRUE(query.parse("a=1&b=%32&a=3", PlusSign::kIsSpace));
  EXPECT_EQ(query.find("a")->value, "1");
  EXPECT_EQ(query.find("b")->value, "2");
  EXPECT_EQ(query.find("c"), nullptr);
}

TEST(SignedQueryTest, ParametersAreBounded) {
  std::string raw;
  for (std::size_t i = 0; i < SignedQuery::kParametersMax; ++i) raw += "&a=1";
  SignedQuery query;
  EXPECT_TRUE(query.parse(raw, PlusSign::kIsSpace));
  EXPECT_EQ(query.parameters().size(), SignedQuery::kParametersMax);
  EXPECT_FALSE(query.parse(raw + "&a=1", PlusSign::kIsSpace));
  EXPECT_TRUE(query.parameters().empty());
  EXPECT_FALSE(query.parse(raw + "&auth_signature=1", PlusSign::kIsSpace));
  EXPECT_EQ(query.signature(), std::nullopt);
}

TEST(SignedQueryTest, EncodingIsUndoneByDecoding) {
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every.push_back(static_cast<char>(byte));
  std::string encoded;
  append_percent_encoded(encoded, every);
  EXPECT_EQ(encoded.find_first_of("&=+ \n?#"), std::string::npos);
  std::string decoded;
  append_percent_decoded(decoded, encoded, PlusSign::kIsSpace);
  EXPECT_EQ(decoded, every);
}

}  // namespace
}  // namespace fanfare::pusher
