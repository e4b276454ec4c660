#include "cli/listen_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pusher/channel_auth.h"
#include "pusher/inbound_event.h"
#include "pusher/user_auth.h"

namespace fanfare::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kEstablished =
    R"({"event":"pusher:connection_established","data":"{\"socket_id\":\"1.2\",\"activity_timeout\":77}"})";

class ListenSessionTest : public testing::Test {
 protected:
  ListenSession& session(std::vector<std::string> channels, std::string user = {}) {
    auto plan = prepare_plan(
        {.channels = std::move(channels), .user = std::move(user), .presence_user_id = {}, .user_info = R"({"a":1})"},
        true);
    EXPECT_TRUE(plan.ok());
    plan_ = *std::move(plan);
    return session_.emplace(plan_, &key_);
  }
  // What the server's own decoder and verifier make of `text`.
  std::string verified_channel(const std::string& text) {
    const auto inbound = pusher::decode_inbound_event(text);
    EXPECT_TRUE(inbound.ok()) << text;
    const auto* command = std::get_if<pusher::SubscribeCommand>(&*inbound);
    if (command == nullptr) return "no subscription: " + text;
    if (command->auth && !pusher::verify_channel_auth(keys_, "1.2", *command).ok()) return "bad signature: " + text;
    return std::string(command->channel) + (command->auth ? " signed" : "") +
           (command->channel_data ? " with data" : "");
  }

  pusher::AppKey key_{"key", "secret"};
  pusher::AppKeys keys_{{pusher::AppKey{"key", "secret"}}};
  ListenPlan plan_;
  std::optional<ListenSession> session_;
};

TEST_F(ListenSessionTest, SubscribesOnceEstablishedSigningWhatNeedsIt) {
  ListenSession& listening = session({"a", "private-b", "presence-c", "private-encrypted-d", "cache-e"});
  EXPECT_FALSE(listening.is_established());
  const ListenStep step = listening.on_text(kEstablished);
  EXPECT_TRUE(listening.is_established());
  EXPECT_EQ(listening.activity_timeout(), std::chrono::seconds(77));
  std::vector<std::string> channels;
  for (const std::string& text : step.to_send) channels.push_back(verified_channel(text));
  EXPECT_THAT(channels, ElementsAre("a", "private-b signed", "presence-c signed with data",
                                    "private-encrypted-d signed", "cache-e"));
}

TEST_F(ListenSessionTest, SignsInBeforeItSubscribes) {
  ListenSession& listening = session({"a"}, "ida");
  const ListenStep step = listening.on_text(kEstablished);
  ASSERT_EQ(step.to_send.size(), 1U);
  const auto inbound = pusher::decode_inbound_event(step.to_send.front());
  ASSERT_TRUE(inbound.ok());
  const auto* command = std::get_if<pusher::SigninCommand>(&*inbound);
  ASSERT_NE(command, nullptr);
  EXPECT_EQ(command->user_data, R"({"id":"ida","user_info":{"a":1}})");
  EXPECT_TRUE(pusher::verify_user_auth(keys_, "1.2", *command).ok());

  const ListenStep signed_in =
      listening.on_text(R"({"event":"pusher:signin_success","data":"{\"user_data\":\"{}\"}"})");
  ASSERT_EQ(signed_in.to_send.size(), 2U);
  EXPECT_EQ(verified_channel(signed_in.to_send[0]), "#server-to-user-ida");
  EXPECT_EQ(verified_channel(signed_in.to_send[1]), "a");
}

TEST_F(ListenSessionTest, IsHopelessWhenSigningInIsRefused) {
  ListenSession& listening = session({"a"}, "ida");
  (void)listening.on_text(kEstablished);
  const ListenStep step = listening.on_text(R"({"event":"pusher:error","data":{"code":null,"message":"no"}})");
  EXPECT_TRUE(step.is_hopeless);
  EXPECT_EQ(step.note, "pusher:error: no");
}

TEST_F(ListenSessionTest, IsHopelessWhenEverySubscriptionIsRefusedAndNotBefore) {
  ListenSession& listening = session({"a", "b"});
  (void)listening.on_text(kEstablished);
  const char* refusal = R"({"event":"pusher:error","data":{"code":null,"message":"no"}})";
  EXPECT_FALSE(listening.on_text(refusal).is_hopeless);
  EXPECT_TRUE(listening.on_text(refusal).is_hopeless);

  ListenSession& half = session({"a", "b"});
  (void)half.on_text(kEstablished);
  (void)half.on_text(R"({"event":"pusher_internal:subscription_succeeded","data":"{}","channel":"a"})");
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(half.on_text(refusal).is_hopeless);
}

TEST_F(ListenSessionTest, ErrorsWithACodeAreNoRefusals) {
  ListenSession& listening = session({"a"});
  const ListenStep step = listening.on_text(R"({"event":"pusher:error","data":{"code":4001,"message":"no\u001b"}})");
  EXPECT_FALSE(step.is_hopeless);  // the close code will tell
  EXPECT_EQ(step.note, "pusher:error 4001: no\\u001b");
}

TEST_F(ListenSessionTest, AnswersPings) {
  const ListenStep step = session({"a"}).on_text(R"({"event":"pusher:ping","data":{}})");
  ASSERT_EQ(step.to_send.size(), 1U);
  const auto inbound = pusher::decode_inbound_event(step.to_send.front());
  ASSERT_TRUE(inbound.ok());
  EXPECT_TRUE(std::holds_alternative<pusher::PongCommand>(*inbound));
  EXPECT_TRUE(std::holds_alternative<pusher::PingCommand>(*pusher::decode_inbound_event(ListenSession::ping_text())));
  EXPECT_FALSE(session_->on_text(R"({"event":"pusher:pong","data":"{}"})").event.has_value());
}

TEST_F(ListenSessionTest, HandsOutEvents) {
  ListenSession& listening = session({"a"});
  const ListenStep step =
      listening.on_text(R"({"event":"client-x","channel":"presence-a","data":"{\"n\":1}","user_id":"u7"})");
  ASSERT_TRUE(step.event.has_value());
  EXPECT_EQ(step.event->event, "client-x");
  EXPECT_EQ(step.event->channel, "presence-a");
  EXPECT_EQ(step.event->data, R"({"n":1})");
  EXPECT_EQ(step.event->data_token, R"("{\"n\":1}")");
  EXPECT_EQ(step.event->user_id, "u7");
}

TEST_F(ListenSessionTest, CallsInternalEventsAsClientLibrariesDo) {
  const ListenStep step = session({"a"}).on_text(
      R"({"event":"pusher_internal:member_added","channel":"presence-a","data":"{\"user_id\":\"u9\"}"})");
  ASSERT_TRUE(step.event.has_value());
  EXPECT_EQ(step.event->event, "pusher:member_added");
}

TEST_F(ListenSessionTest, TellsWhoIsThere) {
  const ListenStep step =
      session({"presence-a"})
          .on_text(R"({"event":"pusher_internal:subscription_succeeded","channel":"presence-a",)"
                   R"("data":"{\"presence\":{\"count\":2,\"ids\":[\"a\",\"b\"],\"hash\":{\"a\":null,\"b\":null}}}"})");
  EXPECT_EQ(step.note, "Subscribed to presence-a as fanfare-listen (members: 2)");
}

TEST_F(ListenSessionTest, SkipsWhatIsNoEvent) {
  ListenSession& listening = session({"a"});
  for (const char* text : {"", "nonsense", "[]", "{}", R"({"event":7})"}) {
    const ListenStep step = listening.on_text(text);
    EXPECT_THAT(step.note, HasSubstr("skipped")) << text;
    EXPECT_THAT(step.to_send, IsEmpty());
    EXPECT_FALSE(step.event.has_value());
  }
  EXPECT_TRUE(listening.on_text(R"({"event":"pusher:connection_established","data":"{}"})").is_hopeless);
}

}  // namespace
}  // namespace fanfare::cli
