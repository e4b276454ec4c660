#include "gateway/sdk_backend.h"

#include <gtest/gtest.h>

#include "sdk/fakes_test_support.h"
#include "support/manual_executor.h"

namespace fanfare::gateway {
namespace {

using sdk::ErrorKind;

class SdkBackendTest : public testing::Test {
 protected:
  static sdk::Options fanfare() {
    sdk::Options options;
    options.app_id = "42";
    options.key = "app-key";
    options.secret = "app-secret";
    options.host = "127.0.0.1";
    options.port = 6001;
    options.use_tls = false;
    options.retry.attempts_max = 1;
    return options;
  }
  static sdk::Options hosted() {
    sdk::Options options = fanfare();
    options.host.clear();
    options.cluster = "eu";
    options.port.reset();
    options.use_tls = true;
    return options;
  }
  SdkBackend& backend(sdk::Options options = fanfare()) {
    auto client = sdk::Client::create(std::move(options), std::make_unique<sdk::FakeTransport>(log_));
    EXPECT_TRUE(client.ok()) << (client.ok() ? "" : client.error().message);
    backend_ = std::make_unique<SdkBackend>(*std::move(client), loop_, std::chrono::seconds(90));
    return *backend_;
  }
  void server_answers(int status, std::string body) {
    log_.answers.emplace_back(sdk::http_answer(status, std::move(body)));
  }
  // What `call` is answered on the loop.
  template <typename T, typename Call>
  sdk::Result<T> answer(Call call) {
    std::optional<sdk::Result<T>> answered;
    call(Done<T>([&](sdk::Result<T> result) { answered.emplace(std::move(result)); }));
    loop_.run_all();
    EXPECT_TRUE(answered.has_value());
    return answered ? *std::move(answered) : sdk::Result<T>(sdk::Error{.kind = ErrorKind::kTimeout});
  }
  // The path of the last request, without its query.
  std::string last_path() const {
    const std::string& url = log_.requests.back().url;
    const std::size_t path = url.find('/', url.find("//") + 2);
    return log_.requests.back().method + " " + url.substr(path, url.find('?') - path);
  }

  sdk::FakeTransport::Log log_;
  test::ManualExecutor loop_{LoopIndex(0)};
  std::unique_ptr<SdkBackend> backend_;
};

TEST_F(SdkBackendTest, AnAnswerComesOnTheLoop) {
  server_answers(200, "{}");
  bool answered = false;
  backend().publish({.channels = {"a"}, .name = "e", .data = "1"}, [&](const auto& result) { answered = result.ok(); });
  EXPECT_FALSE(answered) << "not within the call, nor on the client's thread";
  loop_.run_all();
  EXPECT_TRUE(answered);
  EXPECT_EQ(last_path(), "POST /apps/42/events");
}

TEST_F(SdkBackendTest, TheCallersIdempotencyKeyIsPassedOn) {
  server_answers(200, "{}");
  server_answers(200, "{}");
  const auto sent_key = [&] {
    for (const auto& [name, value] : log_.requests.back().headers) {
      if (name == "Idempotency-Key") return value;
    }
    return std::string();
  };
  sdk::Event event{.channels = {"a"}, .name = "e", .data = "1"};
  event.idempotency_key = "k1";
  EXPECT_TRUE(answer<sdk::TriggerAnswer>([&](auto done) { backend().publish(event, done); }).ok());
  EXPECT_EQ(sent_key(), "k1");
  const std::vector<sdk::BatchEvent> batch{{.channel = "a", .name = "e", .data = "1"}};
  EXPECT_TRUE(answer<sdk::BatchAnswer>([&](auto done) { backend().publish_batch(batch, "k2", done); }).ok());
  EXPECT_EQ(sent_key(), "k2");
  EXPECT_EQ(last_path(), "POST /apps/42/batch_events");
}

TEST_F(SdkBackendTest, AUserAndItsChannelAreOnePublish) {
  server_answers(200, "{}");
  const sdk::Event event{.channels = {"#server-to-user-7", "private-user-7"}, .name = "e", .data = "1"};
  EXPECT_TRUE(answer<sdk::TriggerAnswer>([&](auto done) { backend().publish(event, done); }).ok());
  ASSERT_EQ(log_.requests.size(), 1U);
  EXPECT_NE(log_.requests[0].body.find(R"(["#server-to-user-7","private-user-7"])"), std::string::npos)
      << log_.requests[0].body;
}

TEST_F(SdkBackendTest, FanfareCountsItsUsersItself) {
  SdkBackend& asked = backend();
  server_answers(200, R"({"user_count":3})");
  EXPECT_EQ(*answer<std::uint64_t>([&](auto done) { asked.user_count(done); }), 3U);
  EXPECT_EQ(last_path(), "GET /apps/42/users");
  for (const char* body : {"{}", R"({"user_count":"3"})", R"({"user_count":-1})", "[]", "no json"}) {
    server_answers(200, body);
    EXPECT_EQ(answer<std::uint64_t>([&](auto done) { asked.user_count(done); }).error().kind, ErrorKind::kBadAnswer)
        << body;
  }
  server_answers(404, "unknown path");
  EXPECT_EQ(answer<std::uint64_t>([&](auto done) { asked.user_count(done); }).error().kind, ErrorKind::kNotFound)
      << "another server of the protocol";
}

TEST_F(SdkBackendTest, HostedPusherIsNotAskedForUsers) {
  SdkBackend& asked = backend(hosted());
  EXPECT_EQ(answer<std::uint64_t>([&](auto done) { asked.user_count(done); }).error().kind, ErrorKind::kNotFound);
  EXPECT_TRUE(log_.requests.empty());
}

TEST_F(SdkBackendTest, HealthMayBeAsOldAsAskingCosts) {
  EXPECT_EQ(backend().health_age_max(), std::chrono::seconds(1));
  EXPECT_EQ(backend(hosted()).health_age_max(), std::chrono::seconds(90)) << "as it is set";
  sdk::Options behind_a_name = fanfare();
  behind_a_name.server = sdk::ServerKind::kHostedPusher;
  EXPECT_EQ(backend(behind_a_name).health_age_max(), std::chrono::seconds(90));
  sdk::Options alike = fanfare();
  alike.host = "pusher.com.example";
  EXPECT_EQ(backend(alike).health_age_max(), std::chrono::seconds(1));
}

TEST_F(SdkBackendTest, AsksAboutChannelsAndUsers) {
  SdkBackend& asked = backend();
  server_answers(200, R"({"channels":{"presence-a":{"user_count":2}}})");
  const auto channels = answer<sdk::ChannelsAnswer>(
      [&](auto done) { asked.channels({.prefix = "presence-", .user_count = true}, done); });
  EXPECT_EQ(channels->at("presence-a").user_count, 2U);
  server_answers(200, R"({"occupied":true,"user_count":2})");
  EXPECT_TRUE(answer<sdk::ChannelAnswer>([&](auto done) { asked.channel("presence-a", {}, done); })->occupied);
  EXPECT_EQ(last_path(), "GET /apps/42/channels/presence-a");
  server_answers(200, R"({"users":[{"id":"7"},{"id":"8"}]})");
  EXPECT_EQ(*answer<std::vector<std::string>>([&](auto done) { asked.members("presence-a", done); }),
            (std::vector<std::string>{"7", "8"}));
  EXPECT_EQ(last_path(), "GET /apps/42/channels/presence-a/users");
  server_answers(200, "{}");
  EXPECT_TRUE(answer<void>([&](auto done) { asked.terminate_user("7", done); }).ok());
  EXPECT_EQ(last_path(), "POST /apps/42/users/7/terminate_connections");
}

TEST_F(SdkBackendTest, WhatIsNotAnsweredAtTheEndIsStopped) {
  std::optional<ErrorKind> told;
  backend().user_count([&](const sdk::Result<std::uint64_t>& result) { told = result.error().kind; });
  backend_.reset();
  loop_.run_all();
  EXPECT_EQ(told, ErrorKind::kStopped);
}

}  // namespace
}  // namespace fanfare::gateway
