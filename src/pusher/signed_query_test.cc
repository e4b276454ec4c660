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

TEST(SignedQueryTest, MissingPartsAreEmpty) { EXPECT_EQ(canonical("a&b=&=c&d==e"), "=c&a=&b=&d==e"); }

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
