#include "session/client_event_handler.h"

#include "session/session_test_support.h"

namespace fanfare::session {
namespace {

std::string client_event(std::string_view channel, std::string_view data = R"("1")",
                         std::string_view name = "client-typing") {
  return R"({"event":")" + std::string(name) + R"(","channel":")" + std::string(channel) + R"(","data":)" +
         std::string(data) + "}";
}

class ClientEventTest : public SessionTest {
 protected:
  ClientEventTest() { app_settings.switches.client_events = true; }

  // A sender and another subscriber.
  void join(std::string_view channel) {
    sender_ = connect();
    other_ = connect();
    sender_->send(subscribe(*sender_, channel));
    other_->send(subscribe(*other_, channel));
    (void)received(*sender_);
    (void)received(*other_);
  }
  void expect_refused(std::string_view event, std::string_view message) {
    sender_->send(event);
    EXPECT_EQ(received(*sender_), Messages{error_of(message)}) << event;
    EXPECT_EQ(received(*other_), Messages{}) << event;
  }

  std::unique_ptr<TestClient> sender_;
  std::unique_ptr<TestClient> other_;
};

TEST_F(ClientEventTest, ReachesTheOthersAsAStringAndNeverTheSender) {
  join("private-a");
  for (const auto& [sent, arrives] : {std::pair<std::string, std::string>{R"("{\"on\":true}")", R"({"on":true})"},
                                      {R"({ "on" : true })", R"({"on":true})"},
                                      {"7", "7"},
                                      {R"("")", ""}}) {
    sender_->send(client_event("private-a", sent));
    EXPECT_EQ(received(*other_),
              Messages{R"({"event":"client-typing","channel":"private-a","data":)" + json_string(arrives) + "}"});
    EXPECT_EQ(received(*sender_), Messages{});
  }
  EXPECT_EQ(stats.client_events.value(), 4U);
}

TEST_F(ClientEventTest, ObjectsStayObjectsWhereTheAppWantsThem) {
  app_settings.switches.client_event_objects = true;
  join("private-a");
  sender_->send(client_event("private-a", R"({"on":true})"));
  EXPECT_EQ(received(*other_), Messages{R"({"event":"client-typing","channel":"private-a","data":{"on":true}})"});
}

TEST_F(ClientEventTest, OnPresenceChannelsItNamesTheMemberWhateverTheSenderSays) {
  const auto alice = connect();
  const auto bob = connect();
  alice->send(subscribe(*alice, "presence-room", R"({"user_id":"alice \"a\""})"));
  bob->send(subscribe(*bob, "presence-room", R"({"user_id":"bob"})"));
  (void)received(*alice);
  (void)received(*bob);
  alice->send(R"({"event":"client-x","channel":"presence-room","data":"1","user_id":"bob","socket_id":"1.1"})");
  EXPECT_EQ(received(*bob),
            Messages{R"({"event":"client-x","channel":"presence-room","data":"1","user_id":"alice \"a\""})"});
}

TEST_F(ClientEventTest, EachRuleHasItsText) {
  join("private-a");
  expect_refused(client_event("private-b"),
                 "Cannot broadcast client event (connection not subscribed to channel private-b)");
  for (const std::string_view channel : {"orders", "cache-a", "private-encrypted-a", "#server-to-user-a"}) {
    expect_refused(client_event(channel), "Client event rejected - only supported on private and presence channels");
  }
  expect_refused(R"({"event":"client-x","data":"1"})", "Invalid client event (must contain channel and data)");
  expect_refused(R"({"event":"client-x","channel":"private-a"})",
                 "Invalid client event (must contain channel and data)");
  EXPECT_EQ(stats.client_events_refused.value(), 5U);
}

TEST_F(ClientEventTest, AreOffUnlessTheAppTurnsThemOn) {
  app_settings.switches.client_events = false;
  join("private-a");
  expect_refused(client_event("orders"),
                 "To send client events, you must enable this feature in the Settings page of your dashboard.");
}

TEST_F(ClientEventTest, NameAndDataAreBounded) {
  app_settings.limits.event_name_chars = 20;
  app_settings.limits.event_data_bytes = 10;
  join("private-a");
  const std::string at_limit = "client-" + std::string(13, 'x');
  sender_->send(client_event("private-a", R"("1234567890")", at_limit));
  EXPECT_EQ(received(*other_).size(), 1U);
  expect_refused(client_event("private-a", R"("1")", at_limit + "x"),
                 "Client event rejected - the event name has 21 characters, at most 20 are allowed");
  expect_refused(client_event("private-a", R"("12345678901")"),
                 "Client event rejected - its data has 11 bytes, at most 10 are allowed");
}

TEST_F(ClientEventTest, TenASecondPassAndTheEleventhIs4301) {
  join("private-a");
  for (int i = 0; i < 11; ++i) sender_->send(client_event("private-a"));
  EXPECT_EQ(received(*other_).size(), 10U);
  EXPECT_EQ(received(*sender_), Messages{error_of("Client event rejected due to rate limit", "4301")});
  EXPECT_EQ(sender_->transport.close_code, 0);
  pass(std::chrono::seconds{1});
  sender_->send(client_event("private-a"));
  EXPECT_EQ(received(*other_).size(), 1U);
}

TEST_F(ClientEventTest, RefusedOnesCostNothingOfTheRate) {
  join("private-a");
  for (int i = 0; i < 20; ++i) sender_->send(client_event("private-b"));
  (void)received(*sender_);
  sender_->send(client_event("private-a"));
  EXPECT_EQ(received(*other_).size(), 1U);
}

TEST_F(ClientEventTest, RightBehindItsSubscribeItIsInOrder) {
  context();
  const std::string channel = loops.name_homed_on(1, "private-a", app->index);
  join(channel);
  const auto third = connect();
  third->send(subscribe(*third, channel));
  third->send(client_event(channel));
  EXPECT_EQ(received(*third), Messages{succeeded(channel)});
  EXPECT_EQ(received(*other_).size(), 1U);
}

}  // namespace
}  // namespace fanfare::session
