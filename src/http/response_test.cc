#include "http/response.h"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace fanfare::http {
namespace {

std::string write(const Response& response, const ResponseFraming& framing = {}) {
  std::string out;
  append_response(out, response, framing);
  return out;
}

TEST(ResponseTest, WritesTheWholeResponse) {
  EXPECT_EQ(write(json_response("{\"a\":1}")),
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":1}");
  EXPECT_EQ(write(text_response(401, "no")),
            "HTTP/1.1 401 Unauthorized\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n\r\nno\n");
}

TEST(ResponseTest, ReasonsAreLookedUp) {
  EXPECT_EQ(reason_phrase(100), "Continue");
  EXPECT_EQ(reason_phrase(404), "Not Found");
  EXPECT_EQ(reason_phrase(505), "HTTP Version Not Supported");
  for (const int status : {0, 99, 299, 418, 599, -1}) EXPECT_EQ(reason_phrase(status), "Unknown") << status;
}

TEST(ResponseTest, FramingFollowsTheRequest) {
  EXPECT_NE(write(json_response("{}"), {.keep_alive = false}).find("\r\nConnection: close\r\n"), std::string::npos);
  EXPECT_NE(write(json_response("{}"), {.version_minor = 0}).find("\r\nConnection: keep-alive\r\n"), std::string::npos);
  EXPECT_TRUE(write(json_response("{}"), {.head_only = true}).ends_with("Content-Length: 2\r\n\r\n"));
  EXPECT_EQ(write({.status = 204}), "HTTP/1.1 204 No Content\r\n\r\n");
}

TEST(ResponseTest, AHeaderValueCannotBeginAnotherHeader) {
  Response response = json_response("{}");
  response.headers.push_back({"X", "a\r\nSet-Cookie: b"});
  EXPECT_NE(write(response).find("X: a  Set-Cookie: b\r\n"), std::string::npos);
}

TEST(ResponseTest, EmptyObjectIsWrittenOnceASecond) {
  EmptyObjectResponse cached;
  const WallTime time(std::chrono::seconds(784111777));
  EXPECT_EQ(cached.at(time),
            "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: application/json\r\n"
            "Content-Length: 2\r\n\r\n{}");
  const std::uint64_t version = cached.version();
  cached.at(time + std::chrono::milliseconds(1));
  EXPECT_EQ(cached.version(), version);
  cached.at(time + std::chrono::seconds(1));
  EXPECT_EQ(cached.version(), version + 1);
}

TEST(ResponseTest, AHeadSaysHowTheBodyEnds) {
  const Response response{.status = 200, .content_type = "text/x", .body = "not looked at", .headers = {}};
  const auto head = [&](BodyEnd end, const ResponseFraming& framing = {}) {
    std::string out;
    append_response_head(out, response, framing, end);
    return out;
  };
  EXPECT_EQ(head({.kind = BodyEnd::Kind::kChunked}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nTransfer-Encoding: chunked\r\n\r\n");
  EXPECT_EQ(head({.kind = BodyEnd::Kind::kLength, .length = 7}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nContent-Length: 7\r\n\r\n");
  EXPECT_EQ(head({.kind = BodyEnd::Kind::kClose}, {.version_minor = 0, .keep_alive = false}),
            "HTTP/1.1 200 OK\r\nContent-Type: text/x\r\nConnection: close\r\n\r\n");
}

TEST(ResponseTest, AChunksHeadIsItsSizeInHexadecimal) {
  std::string out;
  append_chunk_head(out, 1);
  append_chunk_head(out, 0x1AF);
  EXPECT_EQ(out, "1\r\n1af\r\n");
}

}  // namespace
}  // namespace fanfare::http
