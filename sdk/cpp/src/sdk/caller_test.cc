#include "sdk/caller.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/calls.h"
#include "sdk/fakes_test_support.h"
#include "support/manual_clock.h"

namespace fanfare::sdk {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class SdkCallerTest : public testing::Test {
 protected:
  // To be called before anything else.
  void use(Options options) { settings_ = *check_options(std::move(options)); }
  static Options options(const std::string& host = "127.0.0.1") {
    Options options{.app_id = "42", .key = "k", .secret = "s", .host = host, .use_tls = false};
    options.retry.attempts_max = 3;
    return options;
  }

  Caller& caller() {
    if (!caller_) {
      transport_ = std::make_unique<FakeTransport>(log_);
      caller_ = std::make_unique<Caller>(settings_, *transport_, delays_, clock_, 7);
    }
    return *caller_;
  }

  // Makes the call with these answers.
  Result<HttpResponse> call(Call call, std::deque<Result<HttpResponse>> answers) {
    log_.answers = std::move(answers);
    std::optional<Result<HttpResponse>> got;
    caller().start(std::move(call), [&got](Result<HttpResponse> result) {
      EXPECT_FALSE(got.has_value());
      got = std::move(result);
    });
    EXPECT_TRUE(got.has_value());
    return got ? *got : Result<HttpResponse>(Error{});
  }

  Call publish() const { return *trigger_call(settings_, {.channels = {"orders"}, .name = "x", .data = "1"}); }
  Call read() const { return *channels_call(settings_, {}); }

  Settings settings_ = *check_options(options());
  FakeTransport::Log log_;
  FakeDelays delays_;
  ManualClock clock_;
  std::unique_ptr<FakeTransport> transport_;
  std::unique_ptr<Caller> caller_;
};

TEST_F(SdkCallerTest, ARequestIsSignedAndSaysWhoSendsIt) {
  ASSERT_TRUE(call(publish(), {http_answer(200, "{}")}).ok());
  ASSERT_EQ(log_.requests.size(), 1U);
  const HttpRequest& request = log_.requests[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_THAT(request.url, AllOf(testing::StartsWith("http://127.0.0.1:80/apps/42/events?"), HasSubstr("auth_key=k"),
                                 HasSubstr("auth_timestamp=1700000000"), HasSubstr("auth_signature=")));
  EXPECT_THAT(request.headers, testing::Contains(testing::Pair("Content-Type", "application/json")));
  EXPECT_THAT(request.headers,
              testing::Contains(testing::Pair("X-Pusher-Library", testing::StartsWith("fanfare-cpp "))));
  EXPECT_EQ(request.timeout, milliseconds(10'000));
}

TEST_F(SdkCallerTest, AReadIsRepeatedUntilItIsAnswered) {
  const auto answer = call(read(), {lost(), http_answer(503, "busy"), http_answer(200, "{}")});
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(log_.requests.size(), 3U);
  EXPECT_EQ(delays_.delays.size(), 2U);
  EXPECT_EQ(caller().stats().requests, 1U);
  EXPECT_EQ(caller().stats().retries, 2U);
  EXPECT_EQ(caller().stats().failures, 0U);
}

TEST_F(SdkCallerTest, TheLastErrorIsGivenWhenAttemptsRunOut) {
  const auto answer = call(read(), {lost(), lost(), http_answer(503, "busy"), http_answer(200, "{}")});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().http_status, 503);
  EXPECT_EQ(log_.requests.size(), 3U);
  EXPECT_EQ(caller().stats().failures, 1U);
}

TEST_F(SdkCallerTest, APublishToFanfareIsRepeatedUnderOneKey) {
  ASSERT_TRUE(call(publish(), {lost(), http_answer(200, "{}")}).ok());
  ASSERT_EQ(log_.requests.size(), 2U);
  const auto key_of = [](const HttpRequest& request) {
    for (const auto& [name, value] : request.headers) {
      if (name == "Idempotency-Key") return value;
    }
    return std::string();
  };
  EXPECT_EQ(key_of(log_.requests[0]).size(), 32U);
  EXPECT_EQ(key_of(log_.requests[0]), key_of(log_.requests[1]));
  ASSERT_TRUE(call(publish(), {http_answer(200, "{}")}).ok());
  EXPECT_NE(key_of(log_.requests[0]), key_of(log_.requests[2])) << "each event has a key of its own";
}

TEST_F(SdkCallerTest, APublishToHostedPusherIsNotRepeatedOnceItMayHaveArrived) {
  use(options("api-eu.pusher.com"));
  const auto answer = call(publish(), {lost(), http_answer(200, "{}")});
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(answer.error().outcome_unknown);
  EXPECT_EQ(log_.requests.size(), 1U);
  EXPECT_THAT(log_.requests[0].headers, Not(testing::Contains(testing::Pair("Idempotency-Key", testing::_))));
  EXPECT_FALSE(call(publish(), {http_answer(503, ""), http_answer(200, "{}")}).ok());
  EXPECT_EQ(log_.requests.size(), 2U);
}

TEST_F(SdkCallerTest, NotEvenWithAKeyOfTheCallers) {
  use(options("api-eu.pusher.com"));
  Call keyed = *trigger_call(settings_, {.channels = {"a"}, .name = "x", .idempotency_key = "mine"});
  EXPECT_FALSE(call(std::move(keyed), {lost(), http_answer(200, "{}")}).ok());
  EXPECT_EQ(log_.requests.size(), 1U);
}

TEST_F(SdkCallerTest, WhatCertainlyDidNotArriveIsRepeatedEvenThere) {
  use(options("api-eu.pusher.com"));
  ASSERT_TRUE(call(publish(), {lost(false), http_answer(200, "{}")}).ok());
  EXPECT_EQ(log_.requests.size(), 2U);
}

TEST_F(SdkCallerTest, AGenericPostIsRepeatedOnlyUnderAKey) {
  EXPECT_FALSE(call(*post_call(settings_, "/events", "{}", {}, ""), {lost(), http_answer(200, "{}")}).ok());
  EXPECT_TRUE(call(*post_call(settings_, "/events", "{}", {}, "mine"), {lost(), http_answer(200, "{}")}).ok());
  EXPECT_FALSE(call(*terminate_call(settings_, "u"), {lost(), http_answer(200, "{}")}).ok());
}

TEST_F(SdkCallerTest, RefusalsAreNotRepeated) {
  for (const int status : {400, 401, 403, 404, 413}) {
    log_.requests.clear();
    const auto answer = call(read(), {http_answer(status, "no"), http_answer(200, "{}")});
    ASSERT_FALSE(answer.ok());
    EXPECT_EQ(answer.error().http_status, status);
    EXPECT_EQ(answer.error().server_text, "no");
    EXPECT_EQ(log_.requests.size(), 1U);
  }
}

TEST_F(SdkCallerTest, RetryAfterIsWaitedForUnlessTheTimeIsUp) {
  ASSERT_TRUE(call(read(), {http_answer(429, "", {{"retry-after", "2"}}), http_answer(200, "{}")}).ok());
  EXPECT_THAT(delays_.delays, ElementsAre(milliseconds(2'000)));
  const auto answer = call(read(), {http_answer(429, "", {{"retry-after", "60"}}), http_answer(200, "{}")});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().retry_after, std::chrono::seconds(60));
  EXPECT_EQ(delays_.delays.size(), 1U) << "total_timeout is 30 s: waiting would be in vain";
}

TEST_F(SdkCallerTest, EachAttemptIsSignedAnewAndEndsWithTheWholeCall) {
  Options short_call = options();
  short_call.total_timeout = milliseconds(12'000);
  use(short_call);
  delays_.is_immediate = false;
  std::optional<Result<HttpResponse>> got;
  log_.answers = {lost(), http_answer(200, "{}")};
  caller().start(read(), [&got](Result<HttpResponse> result) { got = std::move(result); });
  ASSERT_EQ(delays_.tasks.size(), 1U);
  clock_.advance(std::chrono::seconds(5));
  std::exchange(delays_.tasks, {}).front()(false);
  ASSERT_TRUE(got && got->ok());
  EXPECT_EQ(log_.requests[0].timeout, milliseconds(10'000));
  EXPECT_EQ(log_.requests[1].timeout, milliseconds(7'000));
  EXPECT_THAT(log_.requests[1].url, HasSubstr("auth_timestamp=1700000005"));
}

TEST_F(SdkCallerTest, AnUnknownOutcomeStaysUnknownWhateverComesLater) {
  const auto answer = call(publish(), {lost(), http_answer(429, ""), http_answer(429, "")});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().http_status, 429);
  EXPECT_TRUE(answer.error().outcome_unknown);
}

TEST_F(SdkCallerTest, PendingRequestsAreBounded) {
  Options two = options();
  two.pending_requests_max = 2;
  use(two);
  std::vector<ErrorKind> errors;
  int answered = 0;
  const auto count = [&](const Result<HttpResponse>& result) {
    ++answered;
    if (!result.ok()) errors.push_back(result.error().kind);
  };
  for (int i = 0; i < 3; ++i) caller().start(read(), count);
  EXPECT_THAT(errors, ElementsAre(ErrorKind::kLimit));
  transport_->answer_first(http_answer(200, "{}"));
  EXPECT_EQ(answered, 2);
  caller().start(read(), count);
  EXPECT_EQ(transport_->waiting(), 2U);
  caller().stop();
  transport_.reset();
  EXPECT_EQ(answered, 4);
}

TEST_F(SdkCallerTest, ACallbackMayMakeTheNextCallInThePlaceThatItLeaves) {
  Options one = options();
  one.pending_requests_max = 1;
  use(one);
  log_.answers = {http_answer(200, "a"), http_answer(200, "b")};
  std::string bodies;
  caller().start(read(), [&](const Result<HttpResponse>& first) {
    bodies += first->body;
    caller().start(read(), [&](const Result<HttpResponse>& second) { bodies += second->body; });
  });
  EXPECT_EQ(bodies, "ab");
}

TEST_F(SdkCallerTest, AWaitThatIsStoppedEndsTheCall) {
  delays_.is_immediate = false;
  std::optional<Result<HttpResponse>> got;
  log_.answers = {lost()};
  caller().start(read(), [&got](Result<HttpResponse> result) { got = std::move(result); });
  EXPECT_FALSE(got.has_value());
  caller().stop();
  delays_.stop();
  ASSERT_TRUE(got && !got->ok());
  EXPECT_EQ(got->error().kind, ErrorKind::kStopped);
}

}  // namespace
}  // namespace fanfare::sdk
