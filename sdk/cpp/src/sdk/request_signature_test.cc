#include "fanfare/request_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::sdk {
namespace {

using testing::HasSubstr;

// REF 0.4
const Credentials kPair{"demo-key-0001", "demo-secret-0001"};
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(1'700'000'000)};

TEST(SdkRequestSignatureTest, Ref04Get) {
  const std::string query = signed_query(kPair,
                                         {.method = "GET",
                                          .path = "/apps/42/channels",
                                          .parameters = {{"filter_by_prefix", "presence-"}, {"info", "user_count"}}},
                                         kNow);
  EXPECT_THAT(query, HasSubstr("auth_signature=8867542910e0bd7ad6067a3dc8568c803826212fd600cce9e45cca87070ce592"));
  EXPECT_THAT(query, HasSubstr("filter_by_prefix=presence-&info=user_count"));
  EXPECT_THAT(query, HasSubstr("auth_timestamp=1700000000"));
}

TEST(SdkRequestSignatureTest, Ref04Post) {
  const std::string query = signed_query(kPair,
                                         {.method = "POST",
                                          .path = "/apps/42/events",
                                          .body = R"({"name":"order.created","channel":"orders","data":"{\"n\":1}"})"},
                                         kNow);
  EXPECT_THAT(query, HasSubstr("body_md5=442f1b83fa81e3d866608c7cbc73ed28"));
  EXPECT_THAT(query, HasSubstr("auth_signature=1e149708512c66b8ef252fa67856fcf22335b2e9e5be4bd24036694513c143c1"));
}

TEST(SdkRequestSignatureTest, ValuesAreEncodedOnTheWireOnly) {
  const std::string query =
      signed_query(kPair, {.method = "GET", .path = "/apps/42/channels", .parameters = {{"a", "x y&z=+"}}}, kNow);
  EXPECT_THAT(query, HasSubstr("a=x%20y%26z%3D%2B"));
}

}  // namespace
}  // namespace fanfare::sdk
