#include "fanfare/client.h"

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/json_reader.h"
#include "sdk/fakes_test_support.h"
#include "sdk/loopback_server_test_support.h"

namespace fanfare::sdk {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kMasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

Options options() {
  Options options{.app_id = "42", .key = "k", .secret = "s", .host = "127.0.0.1", .use_tls = false};
  options.encryption_master_key_base64 = kMasterKey;
  return options;
}

class SdkClientTest : public testing::Test {
 protected:
  Client make(Options with = options()) {
    return *Client::create(std::move(with), std::make_unique<FakeTransport>(log_));
  }
  void answer(int status, std::string body) { log_.answers.emplace_back(http_answer(status, std::move(body))); }
  std::string path_of(std::size_t request) const {
    const std::string& url = log_.requests.at(request).url;
    const std::size_t begin = url.find("/apps/");
    return url.substr(begin, url.find('?') - begin);
  }

  FakeTransport::Log log_;
};

TEST_F(SdkClientTest, OptionsThatMakeNoSenseMakeNoClient) {
  const auto client = Client::create({});
  ASSERT_FALSE(client.ok());
  EXPECT_EQ(client.error().kind, ErrorKind::kInvalid);
}

TEST_F(SdkClientTest, EveryRequestHasItsPathAndAnswer) {
  Client client = make();
  answer(200, "{}");
  EXPECT_TRUE(client.trigger("orders", "x", "1").ok());
  answer(200, R"({"channels":{"a":{"subscription_count":2}}})");
  EXPECT_EQ(client.trigger({.channels = {"a"}, .name = "x", .data = "1", .info = {.subscription_count = true}})
                ->channels.at("a")
                .subscription_count,
            2U);
  answer(200, R"({"batch":[{}]})");
  EXPECT_EQ(client.trigger_batch({{.channel = "a", .name = "x", .data = "1"}})->events.size(), 1U);
  answer(200, "{}");
  EXPECT_TRUE(client.send_to_user("u7", "x", "1").ok());
  EXPECT_THAT(log_.requests.back().body, HasSubstr(R"("channels":["#server-to-user-u7"])"));
  answer(200, R"({"channels":{"a":{}}})");
  EXPECT_EQ(client.channels()->size(), 1U);
  answer(200, R"({"occupied":true})");
  EXPECT_TRUE(client.channel("a")->occupied);
  answer(200, R"({"users":[{"id":"u7"}]})");
  EXPECT_THAT(*client.users("presence-a"), ElementsAre("u7"));
  answer(200, "{}");
  EXPECT_TRUE(client.terminate_user_connections("u7").ok());
  answer(200, "{}");
  EXPECT_TRUE(client.kick_user("presence-a", "u7").ok());
  answer(200, "anything");
  EXPECT_EQ(client.get("/users")->body, "anything");
  answer(202, "");
  EXPECT_EQ(client.post("/channels/a/events", "{}")->status, 202);

  std::vector<std::string> paths;
  for (std::size_t i = 0; i < log_.requests.size(); ++i) paths.push_back(log_.requests[i].method + " " + path_of(i));
  EXPECT_THAT(
      paths,
      ElementsAre("POST /apps/42/events", "POST /apps/42/events", "POST /apps/42/batch_events", "POST /apps/42/events",
                  "GET /apps/42/channels", "GET /apps/42/channels/a", "GET /apps/42/channels/presence-a/users",
                  "POST /apps/42/users/u7/terminate_connections", "POST /apps/42/channels/presence-a/users/u7/kick",
                  "GET /apps/42/users", "POST /apps/42/channels/a/events"));
  EXPECT_EQ(client.stats().requests, 11U);
  EXPECT_EQ(client.stats().failures, 0U);
}

TEST_F(SdkClientTest, WhatMakesNoSenseIsNotSent) {
  Client client = make();
  EXPECT_EQ(client.trigger("a b", "x", "1").error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(client.trigger_batch({}).error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(client.send_to_user("e:1", "x", "1").error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(client.users("a").error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(client.get("x").error().kind, ErrorKind::kInvalid);
  EXPECT_TRUE(log_.requests.empty());
  EXPECT_EQ(client.stats().requests, 0U);
}

TEST_F(SdkClientTest, AnEncryptedEventLeavesEncrypted) {
  Client client = make();
  answer(200, "{}");
  ASSERT_TRUE(client.trigger("private-encrypted-a", "x", "plain words").ok());
  EXPECT_THAT(log_.requests[0].body, testing::Not(HasSubstr("plain words")));
  json::Reader body;
  ASSERT_TRUE(body.parse_object(log_.requests[0].body).ok());
  EXPECT_EQ(*MasterKey::from_base64(kMasterKey)->decrypt("private-encrypted-a", body.find("data")->text),
            "plain words");
}

TEST_F(SdkClientTest, ARefusalKeepsStatusAndText) {
  Client client = make();
  answer(401, "Invalid signature: you should have sent …");
  const auto sent = client.trigger("a", "x", "1");
  ASSERT_FALSE(sent.ok());
  EXPECT_EQ(sent.error().kind, ErrorKind::kUnauthorized);
  EXPECT_EQ(sent.error().http_status, 401);
  EXPECT_THAT(sent.error().server_text, HasSubstr("Invalid signature"));
  EXPECT_EQ(client.stats().failures, 1U);
}

TEST_F(SdkClientTest, ADisabledClientSendsNothingAndCounts) {
  Client client = make({.enabled = false});
  EXPECT_TRUE(client.trigger("a", "x", "1")->skipped);
  EXPECT_TRUE(client.trigger_batch({{.channel = "a", .name = "x"}, {.channel = "b", .name = "x"}})->skipped);
  EXPECT_TRUE(client.send_to_user("u", "x", "1")->skipped);
  EXPECT_EQ(client.channels().error().kind, ErrorKind::kDisabled);
  EXPECT_EQ(client.terminate_user_connections("u").error().kind, ErrorKind::kDisabled);
  EXPECT_EQ(client.get("/channels").error().kind, ErrorKind::kDisabled);
  EXPECT_TRUE(log_.requests.empty());
  EXPECT_EQ(client.stats().publishes_skipped, 4U);
  EXPECT_FALSE(client.authorize_channel("1.2", "private-x").ok()) << "there is no secret to sign with";
}

TEST_F(SdkClientTest, TheAsynchronousFormAnswersOnce) {
  Client client = make();
  answer(200, R"({"channels":{"a":{}}})");
  int answers = 0;
  client.channels_async({}, [&answers](const Result<ChannelsAnswer>& got) {
    ++answers;
    EXPECT_EQ(got->size(), 1U);
  });
  EXPECT_EQ(answers, 1);
  client.trigger_async({}, [&answers](const Result<TriggerAnswer>& got) {
    ++answers;
    EXPECT_EQ(got.error().kind, ErrorKind::kInvalid);
  });
  EXPECT_EQ(answers, 2);
}

TEST_F(SdkClientTest, EveryRequestHasAnAsynchronousForm) {
  Client client = make();
  int answers = 0;
  // Checks what came, and counts that it came.
  const auto expecting = [&answers](auto check) {
    return [&answers, check](const auto& got) {
      ++answers;
      ASSERT_TRUE(got.ok()) << got.error().message;
      check(got);
    };
  };
  const auto anything = [](const auto&) {};
  answer(200, "{}");
  client.trigger_async({.channels = {"a"}, .name = "x", .data = "1"}, expecting(anything));
  answer(200, R"({"batch":[{}]})");
  client.trigger_batch_async({{.channel = "a", .name = "x", .data = "1"}},
                             expecting([](const auto& got) { EXPECT_EQ(got->events.size(), 1U); }), "mine");
  EXPECT_THAT(log_.requests.back().headers, testing::Contains(testing::Pair("Idempotency-Key", "mine")));
  answer(200, "{}");
  client.send_to_user_async("u7", "x", "1", expecting(anything));
  EXPECT_THAT(log_.requests.back().body, HasSubstr("#server-to-user-u7"));
  answer(200, R"({"channels":{"a":{}}})");
  client.channels_async({}, expecting([](const auto& got) { EXPECT_EQ(got->size(), 1U); }));
  answer(200, R"({"occupied":true})");
  client.channel_async("a", {}, expecting([](const auto& got) { EXPECT_TRUE(got->occupied); }));
  answer(200, R"({"users":[{"id":"u7"}]})");
  client.users_async("presence-a", expecting([](const auto& got) { EXPECT_THAT(*got, ElementsAre("u7")); }));
  answer(200, "{}");
  client.terminate_user_connections_async("u7", expecting(anything));
  answer(200, "{}");
  client.kick_user_async("presence-a", "u7", expecting(anything));
  answer(200, "anything");
  client.get_async("/users", {}, expecting([](const auto& got) { EXPECT_EQ(got->body, "anything"); }));
  answer(202, "");
  client.post_async("/channels/a/events", "{}", expecting([](const auto& got) { EXPECT_EQ(got->status, 202); }));
  EXPECT_EQ(answers, 10);

  std::vector<std::string> paths;
  for (std::size_t i = 0; i < log_.requests.size(); ++i) paths.push_back(log_.requests[i].method + " " + path_of(i));
  EXPECT_THAT(
      paths,
      ElementsAre("POST /apps/42/events", "POST /apps/42/batch_events", "POST /apps/42/events", "GET /apps/42/channels",
                  "GET /apps/42/channels/a", "GET /apps/42/channels/presence-a/users",
                  "POST /apps/42/users/u7/terminate_connections", "POST /apps/42/channels/presence-a/users/u7/kick",
                  "GET /apps/42/users", "POST /apps/42/channels/a/events"));
}

TEST_F(SdkClientTest, ABlockingCallInACallbackOfItsOwnIsRefused) {
  Client client = make();
  answer(200, R"({"channels":{}})");
  answer(200, R"({"channels":{}})");
  int asynchronous = 0;
  client.channels_async({}, [&](const Result<ChannelsAnswer>&) {
    EXPECT_EQ(client.channels().error().kind, ErrorKind::kInvalid);
    client.channels_async({}, [&asynchronous](const Result<ChannelsAnswer>& got) { asynchronous += got.ok() ? 1 : 0; });
  });
  EXPECT_EQ(asynchronous, 1);
  answer(200, R"({"channels":{}})");
  EXPECT_TRUE(client.channels().ok()) << "afterwards it may block again";
}

TEST_F(SdkClientTest, WhatIsNotAnsweredIsGivenUpWhenTheClientGoes) {
  std::optional<ErrorKind> kind;
  {
    Client client = make();
    client.channels_async({}, [&kind](const Result<ChannelsAnswer>& got) { kind = got.error().kind; });
    EXPECT_FALSE(kind.has_value());
  }
  EXPECT_EQ(kind, ErrorKind::kStopped);
}

TEST_F(SdkClientTest, AClientMayBeMovedWhileACallIsUnderWay) {
  std::optional<ErrorKind> kind;
  Client first = make();
  first.channels_async({}, [&kind](const Result<ChannelsAnswer>& got) { kind = got.error().kind; });
  Client second = std::move(first);
  answer(200, "{}");
  EXPECT_TRUE(second.trigger("a", "x", "1").ok());
  EXPECT_EQ(second.stats().requests, 2U);
}

TEST_F(SdkClientTest, SigningAndWebhooksNeedNoServer) {
  Options with = options();
  with.webhook_keys = {{"old", "older"}};
  with.webhook_window = std::chrono::milliseconds{0};
  Client client = make(with);
  EXPECT_TRUE(client.authorize_channel("1.2", "private-encrypted-x")->shared_secret.has_value());
  EXPECT_TRUE(client.authorize_channel("1.2", "presence-x", {.user_id = "u"}).ok());
  EXPECT_TRUE(client.authenticate_user("1.2", {.id = "u"}).ok());
  const std::string body = R"({"time_ms":1,"events":[]})";
  EXPECT_TRUE(client.webhook({.key = "k", .signature = sign_webhook("s", body), .body = body}).ok());
  EXPECT_TRUE(client.webhook({.key = "old", .signature = sign_webhook("older", body), .body = body}).ok());
  EXPECT_FALSE(client.webhook({.key = "old", .signature = sign_webhook("s", body), .body = body}).ok());
  EXPECT_EQ(client.base_url(), "http://127.0.0.1:80");
}

TEST(SdkClientOverHttpTest, ManyThreadsShareItsConnections) {
  LoopbackServer server([](const std::string& request) {
    EXPECT_THAT(request, testing::StartsWith("POST /apps/42/events?"));
    return answer_bytes("200 OK", "{}");
  });
  Options with = options();
  with.port = server.port();
  with.connections_max = 4;
  constexpr int kThreads = 8;
  constexpr int kEach = 25;
  std::atomic<int> published{0};
  {
    Client client = *Client::create(with);
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&client, &published] {
        for (int n = 0; n < kEach; ++n) published += client.trigger("orders", "x", "1").ok() ? 1 : 0;
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(client.stats().requests, static_cast<std::uint64_t>(kThreads * kEach));
  }
  server.stop();
  EXPECT_EQ(published, kThreads * kEach);
  EXPECT_LE(server.connections(), 4);
}

TEST(SdkClientOverHttpTest, AnswersThatFailAreTriedAgainInRealTime) {
  std::atomic<int> requests{0};
  LoopbackServer server([&requests](const std::string&) {
    return ++requests < 3 ? answer_bytes("503 Service Unavailable", "busy")
                          : answer_bytes("200 OK", R"({"channels":{}})");
  });
  Options with = options();
  with.port = server.port();
  with.retry = {
      .attempts_max = 3, .delay_min = std::chrono::milliseconds(1), .delay_max = std::chrono::milliseconds(2)};
  Client client = *Client::create(with);
  EXPECT_TRUE(client.channels().ok());
  EXPECT_EQ(client.stats().retries, 2U);
}

}  // namespace
}  // namespace fanfare::sdk
