#include "fetch/http_client.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetch/loopback_server_test_support.h"
#include "support/gate.h"

namespace fanfare::fetch {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

LoopbackServer::Answer always(std::string answer) {
  return [answer = std::move(answer)](const std::string&) { return answer; };
}

// An address on which nothing listens: that of a server which has gone.
std::string dead_address() {
  LoopbackServer server(always(""));
  return server.address();
}

TEST(FetchBlockingTest, SendsMethodHeadersAndBodyAndReadsTheAnswer) {
  std::string request;
  LoopbackServer server([&request](const std::string& text) {
    request = text;
    return http_answer("201 Created", "Content-Type: text/plain\r\nX-Odd:  spaced \r\n", "made");
  });
  const auto response = fetch_blocking({.method = "POST",
                                        .url = server.url("/apps/7/events?a=1"),
                                        .headers = {{"X-Name", "value"}, {"X-Empty", ""}},
                                        .body = std::string("a\0b", 3)});
  ASSERT_TRUE(response.ok()) << response.error().message;
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, "made");
  EXPECT_EQ(response->header("content-type"), "text/plain");
  EXPECT_EQ(response->header("x-odd"), "spaced");
  EXPECT_EQ(response->header("x-missing"), "");
  server.stop();
  EXPECT_THAT(request,
              AllOf(HasSubstr("POST /apps/7/events?a=1 HTTP/1.1\r\n"), HasSubstr("X-Name: value\r\n"),
                    HasSubstr("X-Empty:\r\n"), HasSubstr(std::string("\r\n\r\na\0b", 7)), Not(HasSubstr("Expect"))));
}

TEST(FetchBlockingTest, OtherMethodsAndAnEmptyPostGoOutAsTheyAre) {
  for (const char* method : {"GET", "PUT", "DELETE", "POST", "HEAD"}) {
    std::string request;
    LoopbackServer server([&request](const std::string& text) {
      request = text;
      return http_answer("200 OK", "", "");
    });
    ASSERT_TRUE(fetch_blocking({.method = method, .url = server.url("/x")}).ok()) << method;
    server.stop();
    EXPECT_TRUE(request.starts_with(std::string(method) + " /x HTTP/1.1\r\n")) << request;
  }
}

TEST(FetchBlockingTest, AStatusOfFailureIsAnAnswer) {
  LoopbackServer server(always(http_answer("503 Service Unavailable", "Retry-After: 3\r\n", "later")));
  const auto response = fetch_blocking({.url = server.url("/")});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->header("retry-after"), "3");
}

TEST(FetchBlockingTest, DoesNotFollowRedirects) {
  LoopbackServer server(always(http_answer("302 Found", "Location: /elsewhere\r\n", "")));
  const auto response = fetch_blocking({.url = server.url("/")});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 302);
}

TEST(FetchBlockingTest, HeadersOfAnInterimAnswerAreNotTheAnswers) {
  LoopbackServer server(
      always("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n" + http_answer("200 OK", "X-Last: b\r\n", "")));
  const auto response = fetch_blocking({.url = server.url("/")});
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->header("link"), "");
  EXPECT_EQ(response->header("x-last"), "b");
}

TEST(FetchBlockingTest, BodiesUpToTheBoundArriveAndLargerOnesDoNot) {
  const FetchOptions options{.response_body_bytes_max = 100};
  for (const std::size_t size : {99U, 100U, 101U}) {
    LoopbackServer server(always(http_answer("200 OK", "", std::string(size, 'x'))));
    const auto response = fetch_blocking({.url = server.url("/")}, options);
    EXPECT_EQ(response.ok(), size <= 100) << size;
    if (!response.ok()) {
      EXPECT_EQ(response.error().kind, ErrorKind::kTooLarge);
    }
  }
}

TEST(FetchBlockingTest, HeadersAreBounded) {
  LoopbackServer server(always(http_answer("200 OK", "X-Long: " + std::string(500, 'x') + "\r\n", "")));
  const auto response = fetch_blocking({.url = server.url("/")}, {.response_headers_bytes_max = 400});
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().kind, ErrorKind::kTooLarge);
}

TEST(FetchBlockingTest, NamesTheAddressOnWhichNothingListens) {
  const std::string address = dead_address();
  const auto response = fetch_blocking({.url = "http://user:password@" + address + "/path?auth_signature=abc"});
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_EQ(response.error().message, "nothing listens on " + address);
}

TEST(FetchBlockingTest, AnAnswerThatDoesNotComeIsGivenUpAfterTheTimeout) {
  test::Gate gate;
  LoopbackServer server([&gate](const std::string&) {
    gate.wait();
    return std::string();
  });
  const auto response = fetch_blocking({.url = server.url("/"), .timeout = std::chrono::milliseconds(50)});
  gate.open();
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(response.error().message, HasSubstr("no answer from " + server.address()));
}

TEST(FetchBlockingTest, BrokenAnswersAreErrors) {
  for (const char* answer : {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "nonsense\r\n\r\n"}) {
    LoopbackServer server(always(answer));
    EXPECT_FALSE(fetch_blocking({.url = server.url("/")}).ok()) << answer;
  }
}

TEST(FetchBlockingTest, RefusesWhatIsNoRequest) {
  const std::string url = "http://127.0.0.1:1/";
  for (const Request& request :
       {Request{.url = ""}, Request{.url = "file:///etc/passwd"}, Request{.url = "http://127.0.0.1:1/a\r\nX: y"},
        Request{.url = "http://127.0.0.1:not-a-port/"}, Request{.method = "GET /", .url = url},
        Request{.method = "", .url = url}, Request{.url = url, .headers = {{"A", "b\r\nC: d"}}},
        Request{.url = url, .headers = {{"A: b", "c"}}}}) {
    const auto response = fetch_blocking(request);
    ASSERT_FALSE(response.ok());
    EXPECT_EQ(response.error().kind, ErrorKind::kInvalid) << request.url << ": " << response.error().message;
  }
}

TEST(HttpClientTest, AnswersOnTheExecutorThatCameWithTheRequest) {
  LoopbackServer server(always(http_answer("200 OK", "", "hello")));
  WaitingExecutor executor;
  HttpClient client;
  std::optional<Response> answer;
  std::thread::id thread;
  ASSERT_TRUE(client
                  .start({.url = server.url("/")}, executor,
                         [&](Result<Response> result) {
                           thread = std::this_thread::get_id();
                           if (result.ok()) answer = *std::move(result);
                         })
                  .ok());
  executor.run_one();
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->body, "hello");
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST(HttpClientTest, AnswersABadRequestWithAnError) {
  WaitingExecutor executor;
  HttpClient client;
  std::optional<ErrorKind> kind;
  ASSERT_TRUE(
      client.start({.url = "ftp://x/"}, executor, [&](const Result<Response>& result) { kind = result.error().kind; })
          .ok());
  executor.run_one();
  EXPECT_EQ(kind, ErrorKind::kInvalid);
}

TEST(HttpClientTest, PutsNoMoreOnTheWireThanAllowed) {
  std::atomic<int> now = 0;
  std::atomic<int> most = 0;
  LoopbackServer server([&](const std::string&) {
    const int mine = ++now;
    for (int seen = most; mine > seen && !most.compare_exchange_weak(seen, mine);) {
    }
    --now;
    return http_answer("200 OK", "", "");
  });
  WaitingExecutor executor;
  HttpClient client({.concurrent_requests_max = 2});
  constexpr int kRequests = 40;
  int answered = 0;
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_TRUE(
        client
            .start({.url = server.url("/")}, executor, [&](const Result<Response>& result) { answered += result.ok(); })
            .ok());
  }
  for (int i = 0; i < kRequests; ++i) executor.run_one();
  EXPECT_EQ(answered, kRequests);
  EXPECT_LE(most, 2);
}

TEST(HttpClientTest, RefusesWhatWouldHaveToWaitTooLong) {
  test::Gate gate;
  test::Gate arrived;
  LoopbackServer server([&](const std::string&) {
    arrived.open();
    gate.wait();
    return http_answer("200 OK", "", "");
  });
  WaitingExecutor executor;
  HttpClient client({.concurrent_requests_max = 1, .waiting_requests_max = 2});
  const auto start = [&] { return client.start({.url = server.url("/")}, executor, [](const Result<Response>&) {}); };
  ASSERT_TRUE(start().ok());
  arrived.wait();  // the first is on the wire, so that the next two wait
  EXPECT_TRUE(start().ok());
  EXPECT_TRUE(start().ok());
  const Status refused = start();
  gate.open();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::kLimit);
  for (int i = 0; i < 3; ++i) executor.run_one();
}

TEST(HttpClientTest, WhatIsUnansweredAtTheEndIsAnsweredAsUnavailable) {
  test::Gate gate;
  test::Gate arrived;
  LoopbackServer server([&](const std::string&) {
    arrived.open();
    gate.wait();
    return std::string();
  });
  WaitingExecutor executor;
  int unavailable = 0;
  {
    HttpClient client({.concurrent_requests_max = 1});
    for (int i = 0; i < 3; ++i) {
      ASSERT_TRUE(client
                      .start({.url = server.url("/")}, executor,
                             [&](const Result<Response>& result) {
                               unavailable += result.error().kind == ErrorKind::kUnavailable;
                             })
                      .ok());
    }
    arrived.wait();
  }
  gate.open();
  EXPECT_EQ(executor.pending(), 3U);
  for (int i = 0; i < 3; ++i) executor.run_one();
  EXPECT_EQ(unavailable, 3);
}

}  // namespace
}  // namespace fanfare::fetch
