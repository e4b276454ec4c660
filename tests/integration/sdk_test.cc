// The C++ server SDK against the whole server, over real connections. Source: issue 6, section 1
#include <atomic>
#include <future>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/bytes.h"
#include "fanfare/fanfare.h"
#include "json/json_reader.h"
#include "sdk/loopback_server_test_support.h"
#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using sdk::Client;
using sdk::ErrorKind;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using testing::UnorderedElementsAre;

constexpr const char* kMasterKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

class SdkTest : public LoopsTest {
 protected:
  sdk::Options options() {
    sdk::Options options{
        .app_id = "1", .key = "app-key", .secret = "app-secret", .host = "127.0.0.1", .use_tls = false};
    options.port = server().port();
    options.encryption_master_key_base64 = kMasterKey;
    options.retry.delay_min = std::chrono::milliseconds(1);
    options.retry.delay_max = std::chrono::milliseconds(5);
    return options;
  }
  Client client() { return *Client::create(options()); }

  // `data` of a text frame.
  static std::string data_of(const std::string& frame) {
    json::Reader reader;
    EXPECT_TRUE(reader.parse_object(frame).ok()) << frame;
    const json::Value* data = reader.find("data");
    return data == nullptr ? "" : std::string(data->text);
  }
};

TEST_P(SdkTest, PublishesToOneAndSeveralChannels) {
  const auto subscriber = server().connect();
  subscriber->subscribe_and_wait("a");
  subscriber->subscribe_and_wait("b");
  Client client = this->client();
  const auto one = client.trigger("a", "news", R"({"text":"Zoë"})");
  ASSERT_TRUE(one.ok()) << one.error().message;
  EXPECT_EQ(subscriber->next_text(), event_text("news", "a", R"({"text":"Zoë"})"));
  ASSERT_TRUE(client.trigger({.channels = {"a", "b"}, .name = "news", .data = "2"}).ok());
  const std::vector<std::string> frames{subscriber->next_text(), subscriber->next_text()};
  EXPECT_THAT(frames, UnorderedElementsAre(event_text("news", "a", "2"), event_text("news", "b", "2")));
}

TEST_P(SdkTest, LeavesOutASocketAndAnswersCounts) {
  start({{.settings = "subscription_count = true"}});
  const auto sender = server().connect();
  sender->subscribe_and_wait("presence-a", R"({"user_id":"u7"})");
  Client client = this->client();
  const auto answer = client.trigger({.channels = {"presence-a", "b"},
                                      .name = "news",
                                      .data = "1",
                                      .socket_id = sender->socket_id(),
                                      .info = {.user_count = true, .subscription_count = true}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  EXPECT_EQ(answer->channels.at("presence-a").user_count, 1U);
  EXPECT_EQ(answer->channels.at("presence-a").subscription_count, 1U);
  EXPECT_EQ(answer->channels.at("b").subscription_count, 0U);
  EXPECT_FALSE(answer->channels.at("b").user_count.has_value());
  ASSERT_TRUE(client.trigger("presence-a", "news", "2").ok());
  EXPECT_EQ(sender->next_text(), event_text("news", "presence-a", "2"));
}

TEST_P(SdkTest, PublishesABatchWithEncryptedEventsInIt) {
  const auto subscriber = server().connect();
  subscriber->subscribe_and_wait("private-encrypted-a");
  subscriber->subscribe_and_wait("b");
  const auto answer = client().trigger_batch({{.channel = "private-encrypted-a", .name = "x", .data = "secret words"},
                                              {.channel = "b", .name = "y", .data = "open"}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  std::vector<std::string> frames{subscriber->next_text(), subscriber->next_text()};
  if (frames[0].find("private-encrypted-a") == std::string::npos) std::swap(frames[0], frames[1]);
  EXPECT_THAT(frames[0], testing::Not(HasSubstr("secret words")));
  const auto opened = sdk::MasterKey::from_base64(kMasterKey)->decrypt("private-encrypted-a", data_of(frames[0]));
  ASSERT_TRUE(opened.ok()) << opened.error().message;
  EXPECT_EQ(*opened, "secret words");
  EXPECT_EQ(frames[1], event_text("y", "b", "open"));
}

TEST_P(SdkTest, ABatchAnswersItsCountsInOrder) {
  start({{.settings = "subscription_count = true"}});
  const auto subscriber = server().connect();
  subscriber->subscribe_and_wait("a");
  const auto answer = client().trigger_batch(
      {{.channel = "a", .name = "x", .info = {.subscription_count = true}}, {.channel = "b", .name = "x"}});
  ASSERT_TRUE(answer.ok()) << answer.error().message;
  ASSERT_EQ(answer->events.size(), 2U);
  EXPECT_EQ(answer->events[0].subscription_count, 1U);
  EXPECT_FALSE(answer->events[1].subscription_count.has_value());
}

TEST_P(SdkTest, SubscriptionsThatItSignedStand) {
  Client client = this->client();
  const auto subscriber = server().connect();
  const auto subscribe = [&](std::string_view channel, const sdk::Result<sdk::ChannelAuthorization>& signed_answer) {
    subscriber->subscribe_with(signed_answer->auth, channel, signed_answer->channel_data);
    return subscriber->next_text();
  };
  const std::string& id = subscriber->socket_id();
  EXPECT_THAT(subscribe("private-a", client.authorize_channel(id, "private-a")), HasSubstr("subscription_succeeded"));
  EXPECT_THAT(subscribe("private-encrypted-a", client.authorize_channel(id, "private-encrypted-a")),
              HasSubstr("subscription_succeeded"));
  EXPECT_THAT(subscribe("presence-a", client.authorize_channel(
                                          id, "presence-a", {.user_id = "u7", .user_info = R"({"name":"Zoë \"Z\""})"})),
              HasSubstr("subscription_succeeded"));
  EXPECT_THAT(*client.users("presence-a"), ElementsAre("u7"));
  EXPECT_THAT(subscribe("private-b", client.authorize_channel(id, "private-a")), HasSubstr("Invalid signature"));
}

TEST_P(SdkTest, UsersThatItSignedInGetTheirEventsAndGo) {
  Client client = this->client();
  const auto user = server().connect();
  const auto answer = client.authenticate_user(user->socket_id(), {.id = "u7", .user_info = R"({"name":"Zoë"})"});
  user->send_text(R"({"event":"pusher:signin","data":)" + answer->to_json() + "}");
  EXPECT_THAT(user->next_text(), HasSubstr("signin_success"));
  user->subscribe_and_wait("#server-to-user-u7");
  ASSERT_TRUE(client.send_to_user("u7", "alert", "1").ok());
  EXPECT_EQ(user->next_text(), event_text("alert", "#server-to-user-u7", "1"));
  ASSERT_TRUE(client.terminate_user_connections("u7").ok());
  EXPECT_EQ(user->wait_closed().code, 4009);
  EXPECT_TRUE(client.terminate_user_connections("nobody").ok());
}

TEST_P(SdkTest, UserIdsOfAnyTextReachTheServer) {
  Client client = this->client();
  for (const char* id : {"a/b", "e:1", "Zoë ? #", "100%", ".."}) {
    const auto user = server().connect();
    user->sign_in("{\"id\":" + json_string(id) + "}");
    EXPECT_THAT(user->next_text(), HasSubstr("signin_success"));
    const sdk::Status terminated = client.terminate_user_connections(id);
    ASSERT_TRUE(terminated.ok()) << id << ": " << terminated.error().message;
    EXPECT_EQ(user->wait_closed().code, 4009) << id;
  }
}

TEST_P(SdkTest, KicksAUserOutOfAChannel) {
  const auto member = server().connect();
  member->subscribe_and_wait("presence-a", R"({"user_id":"u 7"})");
  Client client = this->client();
  ASSERT_TRUE(client.kick_user("presence-a", "u 7").ok());
  EXPECT_THAT(member->next_text(), HasSubstr("Removed from channel presence-a"));
  EXPECT_TRUE(client.users("presence-a")->empty());
}

TEST_P(SdkTest, ReadsChannelsAndTheirState) {
  start({{.settings = "subscription_count = true"}});
  const auto subscriber = server().connect();
  subscriber->subscribe_and_wait("presence-a", R"({"user_id":"u7"})");
  subscriber->subscribe_and_wait("cache-a@b,c;d=e.f");
  Client client = this->client();
  EXPECT_EQ(client.channels()->size(), 2U);
  EXPECT_EQ(client.channels({.prefix = "presence-", .user_count = true})->at("presence-a").user_count, 1U);
  ASSERT_TRUE(client.trigger("cache-a@b,c;d=e.f", "tick", "9").ok());
  const auto channel = client.channel("cache-a@b,c;d=e.f", {.subscription_count = true, .cache = true});
  ASSERT_TRUE(channel.ok()) << channel.error().message;
  EXPECT_TRUE(channel->occupied);
  EXPECT_EQ(channel->subscription_count, 1U);
  ASSERT_TRUE(channel->cache.has_value());
  EXPECT_EQ(channel->cache->data, "9");
  EXPECT_GT(channel->cache->ttl, std::chrono::seconds(1'000));
  EXPECT_FALSE(client.channel("nobody-here")->occupied);
  const auto raw = client.get("/channels/presence-a", {{"info", "user_count"}});
  EXPECT_EQ(raw->body, R"({"occupied":true,"user_count":1})");
}

TEST_P(SdkTest, RefusalsCarryStatusAndTheServersText) {
  sdk::Options wrong = options();
  wrong.secret = "wrong";
  const auto unsigned_answer = Client::create(wrong)->trigger("a", "x", "1");
  EXPECT_EQ(unsigned_answer.error().kind, ErrorKind::kUnauthorized);
  EXPECT_EQ(unsigned_answer.error().http_status, 401);
  EXPECT_THAT(unsigned_answer.error().server_text, StartsWith("Invalid signature: you should have sent"));

  sdk::Options unknown = options();
  unknown.key = "nobody";
  EXPECT_THAT(Client::create(unknown)->channels().error().server_text, StartsWith("Unknown auth_key"));
  EXPECT_EQ(Client::create(unknown)->channels().error().kind, ErrorKind::kRejected);

  sdk::Options loose = options();
  loose.limits.event_data_bytes_max = 100'000;
  const auto large = Client::create(loose)->trigger("a", "x", std::string(11 * kKiB, 'd'));
  EXPECT_EQ(large.error().kind, ErrorKind::kTooLarge);
  EXPECT_THAT(large.error().server_text, StartsWith("The data content of this event exceeds the allowed maximum"));

  EXPECT_EQ(client().get("/nowhere").error().kind, ErrorKind::kNotFound);
}

TEST_P(SdkTest, AnIdempotencyKeyPublishesOnce) {
  const auto subscriber = server().connect();
  subscriber->subscribe_and_wait("a");
  Client client = this->client();
  const sdk::Event event{.channels = {"a"}, .name = "x", .data = "1", .idempotency_key = "order-7"};
  EXPECT_TRUE(client.trigger(event).ok());
  EXPECT_TRUE(client.trigger(event).ok());
  EXPECT_TRUE(client.trigger("a", "x", "2").ok());
  EXPECT_EQ(subscriber->next_text(), event_text("x", "a", "1"));
  EXPECT_EQ(subscriber->next_text(), event_text("x", "a", "2"));
}

// The answer to the first attempt is lost between server and client: the client cannot know, and must not double it.
TEST_P(SdkTest, APublishWhoseAnswerIsLostIsRepeatedAndPublishedOnce) {
  const auto subscriber = server().connect();
  subscriber->subscribe_and_wait("a");
  std::atomic<int> requests{0};
  sdk::LoopbackServer relay([&](const std::string& request) -> std::optional<std::string> {
    HttpClient forward(server().port());
    forward.socket().send(request);
    const HttpResponse answer = forward.read_response();
    if (++requests == 1) return std::nullopt;
    return sdk::answer_bytes(std::to_string(answer.status) + " -", answer.body);
  });
  sdk::Options through = options();
  through.port = relay.port();
  Client client = *Client::create(through);
  const auto sent = client.trigger("a", "x", "1");
  ASSERT_TRUE(sent.ok()) << sent.error().message;
  EXPECT_EQ(client.stats().retries, 1U);
  ASSERT_TRUE(client.trigger("a", "x", "2").ok());
  EXPECT_EQ(subscriber->next_text(), event_text("x", "a", "1"));
  EXPECT_EQ(subscriber->next_text(), event_text("x", "a", "2"));
  EXPECT_EQ(requests, 3);
}

TEST_P(SdkTest, AsynchronousCallsAreAllAnswered) {
  Client client = this->client();
  std::vector<std::future<bool>> answers;
  for (int i = 0; i < 100; ++i) {
    auto promise = std::make_shared<std::promise<bool>>();
    answers.push_back(promise->get_future());
    client.trigger_async({.channels = {"a"}, .name = "x", .data = std::to_string(i)},
                         [promise](const sdk::Result<sdk::TriggerAnswer>& sent) { promise->set_value(sent.ok()); });
  }
  for (auto& answer : answers) EXPECT_TRUE(answer.get());
  EXPECT_EQ(client.stats().requests, 100U);
}

TEST_P(SdkTest, AServerThatIsAwayIsUnavailable) {
  sdk::Options nowhere = options();
  {
    sdk::LoopbackServer gone([](const std::string&) { return sdk::answer_bytes("200 OK", "{}"); });
    nowhere.port = gone.port();
  }
  const auto sent = Client::create(nowhere)->trigger("a", "x", "1");
  EXPECT_EQ(sent.error().kind, ErrorKind::kUnavailable);
  EXPECT_FALSE(sent.error().outcome_unknown);
}

FANFARE_WITH_LOOPS(SdkTest);

}  // namespace
}  // namespace fanfare::test
