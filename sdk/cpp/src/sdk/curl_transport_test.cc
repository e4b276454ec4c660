#include "sdk/curl_transport.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/loopback_server_test_support.h"
#include "support/gate.h"

namespace fanfare::sdk {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr milliseconds kPatience{30'000};

std::future<Result<HttpResponse>> begin(Transport& transport, HttpRequest request) {
  if (request.timeout == milliseconds{0}) request.timeout = kPatience;
  auto promise = std::make_shared<std::promise<Result<HttpResponse>>>();
  std::future<Result<HttpResponse>> future = promise->get_future();
  transport.start(std::move(request),
                  [promise](Result<HttpResponse> result) { promise->set_value(std::move(result)); });
  return future;
}

Result<HttpResponse> send(Transport& transport, HttpRequest request) {
  return begin(transport, std::move(request)).get();
}

TEST(SdkCurlTransportTest, SendsWhatItIsGivenAndReadsTheAnswer) {
  std::string seen;
  LoopbackServer server([&seen](const std::string& request) {
    seen = request;
    return answer_bytes("418 I'm a teapot", "tea", "Retry-After:  3 \r\n");
  });
  const auto transport = make_curl_transport({});
  const auto answer = send(*transport, {.method = "POST",
                                        .url = server.url("/apps/1/../events?a=b"),
                                        .headers = {{"X-Name", "value"}},
                                        .body = std::string("a\0b", 3)});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->status, 418);
  EXPECT_EQ(answer->body, "tea");
  EXPECT_EQ(answer->header("retry-after"), "3");
  EXPECT_EQ(answer->header("x-none"), "");
  server.stop();
  EXPECT_THAT(seen, AllOf(HasSubstr("POST /apps/1/../events?a=b HTTP/1.1\r\n"), HasSubstr("X-Name: value\r\n"),
                          HasSubstr("User-Agent: fanfare-cpp"), HasSubstr(std::string("\r\n\r\na\0b", 7)),
                          Not(HasSubstr("Expect"))));
}

TEST(SdkCurlTransportTest, OneConnectionServesRequestAfterRequest) {
  LoopbackServer server([](const std::string&) { return answer_bytes("200 OK", "{}"); });
  const auto transport = make_curl_transport({});
  for (int i = 0; i < 20; ++i) {
    const HttpRequest request{
        .method = i % 2 == 0 ? "GET" : "POST", .url = server.url("/"), .body = i % 2 == 0 ? "" : "{}"};
    ASSERT_TRUE(send(*transport, request).ok());
  }
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(server.requests(), 20);
}

// libcurl sends a request again when a kept connection ends without an answer, and the event would be published twice.
TEST(SdkCurlTransportTest, APostOnAKeptConnectionThatBreaksIsNotSentAgain) {
  std::atomic<int> count{0};
  LoopbackServer server([&count](const std::string&) -> std::optional<std::string> {
    if (++count == 1) return answer_bytes("200 OK", "{}");
    return std::nullopt;
  });
  const auto transport = make_curl_transport({});
  ASSERT_TRUE(send(*transport, {.method = "POST", .url = server.url("/"), .body = "{}"}).ok());
  const auto answer = send(*transport, {.method = "POST", .url = server.url("/"), .body = "{}"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
  EXPECT_TRUE(answer.error().outcome_unknown);
  EXPECT_EQ(server.requests(), 2);
}

TEST(SdkCurlTransportTest, NorIsOneWithoutABody) {
  std::atomic<int> count{0};
  LoopbackServer server([&count](const std::string&) -> std::optional<std::string> {
    if (++count == 1) return answer_bytes("200 OK", "{}");
    return std::nullopt;
  });
  const auto transport = make_curl_transport({});
  ASSERT_TRUE(send(*transport, {.method = "GET", .url = server.url("/")}).ok());
  EXPECT_FALSE(send(*transport, {.method = "POST", .url = server.url("/")}).ok());
  EXPECT_EQ(server.requests(), 2);
}

TEST(SdkCurlTransportTest, WhenNothingListensNothingWasSent) {
  LoopbackServer gone([](const std::string&) { return answer_bytes("200 OK", ""); });
  const std::string url = gone.url("/apps/1/events?auth_signature=hidden");
  gone.stop();
  const auto transport = make_curl_transport({});
  const auto answer = send(*transport, {.method = "POST", .url = url, .body = "{}"});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
  EXPECT_FALSE(answer.error().outcome_unknown);
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("nothing listens on 127.0.0.1:"), Not(HasSubstr("hidden"))));
}

TEST(SdkCurlTransportTest, AnAnswerThatDoesNotComeTimesOutAndItsOutcomeIsUnknown) {
  test::Gate gate;
  LoopbackServer server([&gate](const std::string&) -> std::optional<std::string> {
    gate.wait();
    return std::nullopt;
  });
  const auto transport = make_curl_transport({});
  const auto answer =
      send(*transport, {.method = "POST", .url = server.url("/"), .body = "{}", .timeout = milliseconds(50)});
  gate.open();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::kTimeout);
  EXPECT_TRUE(answer.error().outcome_unknown);
}

TEST(SdkCurlTransportTest, WhatWaitsForAConnectionTimesOutUnsent) {
  test::Gate gate;
  LoopbackServer server([&gate](const std::string&) {
    gate.wait();
    return answer_bytes("200 OK", "{}");
  });
  const auto transport = make_curl_transport({.connections_max = 1});
  auto first = begin(*transport, {.method = "GET", .url = server.url("/")});
  const auto second = send(*transport, {.method = "POST", .url = server.url("/"), .timeout = milliseconds(20)});
  gate.open();
  EXPECT_EQ(second.error().kind, ErrorKind::kTimeout);
  EXPECT_FALSE(second.error().outcome_unknown);
  EXPECT_TRUE(first.get().ok());
  EXPECT_EQ(server.requests(), 1);
}

TEST(SdkCurlTransportTest, AnAnswerAboveItsBoundIsGivenUp) {
  LoopbackServer server([](const std::string& request) {
    return answer_bytes("200 OK", std::string(request.starts_with("GET /much") ? 1001 : 1000, 'x'));
  });
  const auto transport = make_curl_transport({.answer_bytes_max = 1000});
  EXPECT_TRUE(send(*transport, {.method = "GET", .url = server.url("/some")}).ok());
  const auto answer = send(*transport, {.method = "GET", .url = server.url("/much")});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind, ErrorKind::kTooLarge);
}

TEST(SdkCurlTransportTest, WhatCannotBeSentIsRefused) {
  const auto transport = make_curl_transport({});
  for (const HttpRequest& request : {HttpRequest{.method = "GET", .url = "file:///etc/passwd"},
                                     HttpRequest{.method = "GET", .url = "http://h/\r\nX: y"},
                                     HttpRequest{.method = "GET", .url = "http://h/", .headers = {{"X", "a\r\nY: b"}}},
                                     HttpRequest{.method = "GET", .url = "http://h/", .headers = {{"X: y", "a"}}},
                                     HttpRequest{.method = "GET", .url = "http://[::1/"}}) {
    EXPECT_EQ(send(*transport, request).error().kind, ErrorKind::kInvalid) << request.url;
  }
}

TEST(SdkCurlTransportTest, RedirectsAreNotFollowed) {
  LoopbackServer server([](const std::string&) { return answer_bytes("302 Found", "", "Location: /elsewhere\r\n"); });
  const auto transport = make_curl_transport({});
  EXPECT_EQ(send(*transport, {.method = "GET", .url = server.url("/")})->status, 302);
  EXPECT_EQ(server.requests(), 1);
}

TEST(SdkCurlTransportTest, WhatIsNotAnsweredIsCalledWhenItGoes) {
  test::Gate gate;
  LoopbackServer server([&gate](const std::string&) -> std::optional<std::string> {
    gate.wait();
    return std::nullopt;
  });
  std::vector<std::future<Result<HttpResponse>>> pending;
  {
    const auto transport = make_curl_transport({.connections_max = 1});
    for (int i = 0; i < 3; ++i) pending.push_back(begin(*transport, {.method = "GET", .url = server.url("/")}));
  }
  gate.open();
  for (auto& answer : pending) EXPECT_EQ(answer.get().error().kind, ErrorKind::kStopped);
}

}  // namespace
}  // namespace fanfare::sdk
