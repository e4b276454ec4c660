#include "pusher/request_signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::pusher {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::int64_t kNow = 1'700'000'000;
constexpr std::string_view kBody = R"({"name":"order.created","channel":"orders","data":"{\"n\":1}"})";
constexpr std::string_view kAuth = "auth_key=demo-key-0001&auth_timestamp=1700000000&auth_version=1.0";
constexpr std::string_view kPostDigest = "1e149708512c66b8ef252fa67856fcf22335b2e9e5be4bd24036694513c143c1";

const AppKeys kKeys({AppKey("demo-key-0001", "demo-secret-0001"), AppKey("retired-key", "retired-secret", false),
                     AppKey("278d425bdf160c739803", "7ad3773142a6692b25b8")});

std::string fault_of(const RequestToVerify& request, std::int64_t now = kNow) {
  const auto key = verify_request(kKeys, request, now);
  return key.ok() ? "" : key.error().message;
}

std::string post_query() {
  return std::string(kAuth).append("&body_md5=442f1b83fa81e3d866608c7cbc73ed28&auth_signature=").append(kPostDigest);
}

RequestToVerify post(std::string_view query, std::string_view body = kBody) {
  return {.method = "POST", .path = "/apps/42/events", .query = query, .body = body};
}

// A query for `raw` (decoded by hand as `decoded`), signed over `path`.
std::string signed_query(std::string_view path, const std::string& raw, const std::string& decoded) {
  const std::string text = std::string("GET\n").append(path).append("\n").append(decoded);
  return raw + "&auth_signature=" + std::string(kKeys.all()[0].hmac.hex(text).view());
}

TEST(RequestSignatureTest, AgreesWithTheVectors) {
  EXPECT_EQ(fault_of(post(post_query())), "");
  const std::string get = std::string(kAuth).append(
      "&filter_by_prefix=presence-&info=user_count"
      "&auth_signature=8867542910e0bd7ad6067a3dc8568c803826212fd600cce9e45cca87070ce592");
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/channels", .query = get, .body = ""}), "");
  const std::string python = std::string(kAuth).append(
      "&body_md5=d41d8cd98f00b204e9800998ecf8427e"
      "&auth_signature=831d5ef435fe0d5ff0ee6a9ee9918b150943c950511219e5be28638e683fa55e");
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/channels/presence-room/users", .query = python, .body = ""}),
            "");
  const std::string documented =
      "auth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0&body_md5="
      "ec365a775a4cd0599faeb73354201b6f"
      "&auth_signature=da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c";
  const RequestToVerify request{.method = "POST",
                                .path = "/apps/3/events",
                                .query = documented,
                                .body = R"({"name":"foo","channels":["project-3"],"data":"{\"some\":\"data\"}"})"};
  EXPECT_EQ(fault_of(request, 1'353'088'179), "");
}

TEST(RequestSignatureTest, OrderAndCaseDoNotMatter) {
  std::string upper(kPostDigest);
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  EXPECT_EQ(
      fault_of(post("auth_signature=" + upper + "&body_md5=442f1b83fa81e3d866608c7cbc73ed28&" + std::string(kAuth))),
      "");
  EXPECT_EQ(
      fault_of(post("AUTH_Signature=" + upper + "&body_md5=442f1b83fa81e3d866608c7cbc73ed28&" + std::string(kAuth))),
      "");
}

TEST(RequestSignatureTest, KeysThatAreMissingUnknownOrRetired) {
  const auto missing = verify_request(kKeys, post(""), kNow);
  EXPECT_EQ(missing.error().kind, ErrorKind::kUnauthorized);
  EXPECT_THAT(missing.error().message, StartsWith("Authentication key required"));
  EXPECT_THAT(fault_of(post("auth_key=")), StartsWith("Authentication key required"));

  const auto unknown = verify_request(kKeys, post("auth_key=nobody"), kNow);
  EXPECT_EQ(unknown.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(unknown.error().message,
            "Unknown auth_key: \"nobody\" is not a key of this app; check that app id and key belong together");
  EXPECT_EQ(fault_of(post("auth_key=retired-key")), "Unknown auth_key: \"retired-key\" is disabled; use another key");
  EXPECT_LT(fault_of(post("auth_key=" + std::string(10'000, 'k'))).size(), 500U);
}

TEST(RequestSignatureTest, Versions) {
  EXPECT_THAT(fault_of(post("auth_key=demo-key-0001")), StartsWith("Version required"));
  EXPECT_EQ(fault_of(post("auth_key=demo-key-0001&auth_version=2.0")),
            "Version not supported: expected auth_version=1.0, found \"2.0\"");
}

TEST(RequestSignatureTest, Timestamps) {
  const auto fault = [](std::string_view timestamp) {
    return fault_of(post(std::string("auth_key=demo-key-0001&auth_version=1.0").append(timestamp)), 1'380'443'792);
  };
  EXPECT_THAT(fault(""), StartsWith("Timestamp required"));
  EXPECT_THAT(fault("&auth_timestamp="), StartsWith("Timestamp required"));
  for (const char* bad : {"abc", "-1", "1.5", "1e9", "99999999999999999999", "253402300800", " 1"}) {
    EXPECT_EQ(fault(std::string("&auth_timestamp=") + bad),
              "Timestamp required: expected auth_timestamp in seconds since 1970, found \"" + std::string(bad) + "\"");
  }
  EXPECT_EQ(fault("&auth_timestamp=1380444393"),
            "Timestamp expired: Given timestamp (2013-09-29T08:46:33Z) not within 600s of server time "
            "(2013-09-29T08:36:32Z): it is 601s ahead; check the clocks, and that auth_timestamp is in seconds");
  EXPECT_THAT(fault("&auth_timestamp=1380443191"), HasSubstr("it is 601s behind"));
  EXPECT_THAT(fault("&auth_timestamp=1700000000000"), HasSubstr("expected auth_timestamp in seconds"));
}

TEST(RequestSignatureTest, TheWindowIsOpenAtItsEnds) {
  EXPECT_EQ(fault_of(post(post_query()), kNow + 599), "");
  EXPECT_THAT(fault_of(post(post_query()), kNow + 600), StartsWith("Timestamp expired"));
  EXPECT_THAT(fault_of(post(post_query()), kNow + 601), StartsWith("Timestamp expired"));
  EXPECT_EQ(fault_of(post(post_query()), kNow - 599), "");
  EXPECT_THAT(fault_of(post(post_query()), kNow - 600), StartsWith("Timestamp expired"));
}

TEST(RequestSignatureTest, AWrongSignatureShowsWhatTheServerSigned) {
  const std::string wrong(64, '0');
  const std::string query =
      std::string(kAuth).append("&body_md5=442f1b83fa81e3d866608c7cbc73ed28&auth_signature=").append(wrong);
  const auto result = verify_request(kKeys, post(query), kNow);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnauthorized);
  EXPECT_EQ(result.error().message,
            R"(Invalid signature: you should have sent HmacSHA256Hex("POST\n/apps/42/events\n)" + std::string(kAuth) +
                R"(&body_md5=442f1b83fa81e3d866608c7cbc73ed28", your_secret_key), but you sent ")" + wrong +
                R"("; if your client signed the same string, its secret is not that of auth_key "demo-key-0001")");
  EXPECT_THAT(result.error().message, Not(HasSubstr("demo-secret")));
  EXPECT_THAT(result.error().message, Not(HasSubstr(std::string(kPostDigest))));

  EXPECT_THAT(fault_of(post(kAuth)), HasSubstr(R"(but you sent ""; the query parameter auth_signature is missing)"));
  EXPECT_THAT(fault_of(post(std::string(kAuth).append("&auth_signature=abc"))),
              HasSubstr("a signature is 64 hexadecimal digits, this is 3 characters"));
  EXPECT_THAT(fault_of(post(std::string(kAuth) + "&auth_signature=" + std::string(64, 'g'))),
              HasSubstr("a signature is 64 hexadecimal digits, this has other characters"));
}

TEST(RequestSignatureTest, MethodPathAndEveryParameterAreSigned) {
  RequestToVerify request = post("");
  const std::string query = post_query();
  request.query = query;
  request.method = "GET";
  EXPECT_THAT(fault_of(request), StartsWith("Invalid signature"));
  request.method = "POST";
  request.path = "/apps/43/events";
  EXPECT_THAT(fault_of(request), StartsWith("Invalid signature"));
  EXPECT_THAT(fault_of(post(query + "&extra=1")), StartsWith("Invalid signature"));
}

TEST(RequestSignatureTest, ThePathIsReadAsSentAndDecoded) {
  const std::string auth(kAuth);
  const std::string raw = signed_query("/apps/42/channels/a%40b", auth, auth);
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/channels/a%40b", .query = raw, .body = ""}), "");
  const std::string decoded = signed_query("/apps/42/channels/a@b", auth, auth);
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/channels/a%40b", .query = decoded, .body = ""}), "");
  EXPECT_NE(fault_of({.method = "GET", .path = "/apps/42/channels/a%41b", .query = decoded, .body = ""}), "");
  const std::string plus = signed_query("/apps/42/users/a+b", auth, auth);
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/users/a%2Bb", .query = plus, .body = ""}), "");
}

TEST(RequestSignatureTest, APlusIsReadAsSpaceAndAsItself) {
  const std::string raw = std::string(kAuth) + "&filter=a+b";
  const std::string path = "/apps/42/channels";
  const std::string space = signed_query(path, raw, std::string(kAuth) + "&filter=a b");
  EXPECT_EQ(fault_of({.method = "GET", .path = path, .query = space, .body = ""}), "");
  const std::string literal = signed_query(path, raw, std::string(kAuth) + "&filter=a+b");
  EXPECT_EQ(fault_of({.method = "GET", .path = path, .query = literal, .body = ""}), "");
  const std::string both = signed_query("/apps/42/channels/a@b", raw, std::string(kAuth) + "&filter=a+b");
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/channels/a%40b", .query = both, .body = ""}), "");
}

TEST(RequestSignatureTest, BodiesAreDigested) {
  EXPECT_EQ(
      fault_of(post(post_query(), R"({"other":1})")),
      "Invalid body_md5: expected \"ded923578403af21892c7aa22f0c9024\", the MD5 of the 11 bytes received as the body, "
      "found \"442f1b83fa81e3d866608c7cbc73ed28\"; sign exactly the bytes that you send");
  const std::string query = signed_query("/apps/42/events", std::string(kAuth), std::string(kAuth));
  const auto result =
      verify_request(kKeys, {.method = "GET", .path = "/apps/42/events", .query = query, .body = "x"}, kNow);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnauthorized);
  EXPECT_THAT(result.error().message, HasSubstr("found none"));
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/events", .query = query, .body = ""}), "");
  EXPECT_THAT(fault_of(post(post_query(), "")), StartsWith("Invalid body_md5"));
}

TEST(RequestSignatureTest, TooManyParameters) {
  std::string query;
  for (int i = 0; i < 300; ++i) query += "a=1&";
  EXPECT_EQ(fault_of(post(query)), "Too many query parameters: at most 256 are allowed");
}

TEST(RequestSignatureTest, WhatIsSignedIsVerified) {
  const std::vector<std::pair<std::string, std::string>> parameters{{"info", "user_count"}, {"Filter", "a b+c&d=ë%"}};
  const AppKey& key = kKeys.all()[0];
  const std::string with_body =
      sign_request(key, {.method = "POST", .path = "/apps/42/events", .parameters = {}, .body = kBody}, kNow);
  EXPECT_EQ(with_body, post_query());
  const std::string get =
      sign_request(key, {.method = "GET", .path = "/apps/42/channels/a@b", .parameters = parameters, .body = ""}, kNow);
  EXPECT_EQ(fault_of({.method = "GET", .path = "/apps/42/channels/a%40b", .query = get, .body = ""}), "");
}

TEST(RequestSignatureTest, FindsTheKeyOfARequest) {
  EXPECT_EQ(auth_key_of("a=1&auth_key=demo%2Dkey&b=2"), "demo-key");
  EXPECT_EQ(auth_key_of("a=1"), std::nullopt);
}

}  // namespace
}  // namespace fanfare::pusher
