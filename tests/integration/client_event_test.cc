// Client events and all their rules. Source: REF 5
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class ClientEventTest : public LoopsTest {
 protected:
  TestServer& start_with(std::string limits = {}, std::string more = {}) {
    return start({{.settings = "client_events = true\n" + std::move(more), .limits = std::move(limits)}});
  }
};

TEST_P(ClientEventTest, TheOthersGetItAndTheSenderDoesNot) {
  start_with();
  const auto sender = server().connect();
  const auto receiver = server().connect();
  for (const char* channel : {"private-a", "private-cache-a"}) {
    sender->subscribe_and_wait(channel);
    receiver->subscribe_and_wait(channel);
  }
  EXPECT_EQ(sender->next_text(), cache_miss("private-cache-a"));
  EXPECT_EQ(receiver->next_text(), cache_miss("private-cache-a"));
  for (const char* channel : {"private-a", "private-cache-a"}) {
    sender->trigger("client-typing", channel, R"("{\"on\":true}")");
    EXPECT_EQ(receiver->next_text(), event_text("client-typing", channel, R"({"on":true})"));
  }
  EXPECT_EQ(sender->unexpected(), "");
}

TEST_P(ClientEventTest, DataThatIsNoStringBecomesOne) {
  start_with();
  const auto sender = server().connect();
  const auto receiver = server().connect();
  sender->subscribe_and_wait("private-a");
  receiver->subscribe_and_wait("private-a");
  const std::pair<const char*, const char*> cases[] = {{R"({ "on" : true })", R"({"on":true})"},
                                                       {"[1, 2]", "[1,2]"},
                                                       {"null", "null"},
                                                       {"7", "7"},
                                                       {R"("text")", "text"}};
  for (const auto& [sent, received] : cases) {
    sender->trigger("client-e", "private-a", sent);
    EXPECT_EQ(receiver->next_text(), event_text("client-e", "private-a", received));
  }
}

TEST_P(ClientEventTest, ObjectsStayObjectsWhereTheAppWantsIt) {
  start_with({}, "client_event_objects = true");
  const auto sender = server().connect();
  const auto receiver = server().connect();
  sender->subscribe_and_wait("private-a");
  receiver->subscribe_and_wait("private-a");
  sender->trigger("client-e", "private-a", R"({"on": true})");
  EXPECT_EQ(receiver->next_text(), R"({"event":"client-e","channel":"private-a","data":{"on":true}})");
}

TEST_P(ClientEventTest, OnPresenceChannelsTheUserIsNamedAndCannotBeForged) {
  start_with();
  const auto sender = server().connect();
  const auto receiver = server().connect();
  receiver->subscribe_and_wait("presence-a", R"({"user_id":"r"})");
  sender->subscribe_and_wait("presence-a", R"({"user_id":7})");
  EXPECT_THAT(receiver->next_text(), HasSubstr("member_added"));
  sender->send_text(
      R"({"event":"client-e","channel":"presence-a","data":"1","user_id":"forged","socket_id":"1.1","extra":true})");
  EXPECT_EQ(receiver->next_text(), R"({"event":"client-e","channel":"presence-a","data":"1","user_id":"7"})");
}

TEST_P(ClientEventTest, ItReachesTheSameUsersOtherConnection) {
  start_with();
  const auto sender = server().connect();
  const auto other_tab = server().connect();
  sender->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  other_tab->subscribe_and_wait("presence-a", R"({"user_id":"u"})");
  sender->trigger("client-e", "presence-a", R"("1")");
  EXPECT_EQ(other_tab->next_text(), R"({"event":"client-e","channel":"presence-a","data":"1","user_id":"u"})");
}

TEST_P(ClientEventTest, ABrokenRuleIsAnsweredAndNothingIsSent) {
  start_with();
  const auto sender = server().connect();
  const auto receiver = server().connect();
  for (const char* channel : {"public", "private-a", "private-encrypted-a", "cache-c"})
    receiver->subscribe_and_wait(channel);
  EXPECT_EQ(receiver->next_text(), cache_miss("cache-c"));
  sender->subscribe_and_wait("public");
  sender->subscribe_and_wait("private-encrypted-a");
  const std::string kOnlyPrivate =
      error_text("Client event rejected - only supported on private and presence channels");
  const auto answer = [&](std::string_view event, std::string_view channel, std::string_view data = R"("1")") {
    sender->trigger(event, channel, data);
    return sender->next_text();
  };
  EXPECT_EQ(answer("typing", "private-a"), error_text("Unsupported event received on socket: typing"));
  EXPECT_EQ(answer("pusher:e", "private-a"), error_text("Unsupported event received on socket: pusher:e"));
  EXPECT_EQ(answer("client-e", "public"), kOnlyPrivate);
  EXPECT_EQ(answer("client-e", "cache-c"), kOnlyPrivate);
  EXPECT_EQ(answer("client-e", "private-encrypted-a"), kOnlyPrivate);
  EXPECT_EQ(answer("client-e", "#server-to-user-u"), kOnlyPrivate);
  EXPECT_EQ(answer("client-e", "private-a"),
            error_text("Cannot broadcast client event (connection not subscribed to channel private-a)"));
  sender->send_text(R"({"event":"client-e","data":"1"})");
  EXPECT_EQ(sender->next_text(), error_text("Invalid client event (must contain channel and data)"));
  sender->send_text(R"({"event":"client-e","channel":"private-a"})");
  EXPECT_EQ(sender->next_text(), error_text("Invalid client event (must contain channel and data)"));
  sender->subscribe_and_wait("private-a");
  EXPECT_THAT(answer("client-" + std::string(194, 'x'), "private-a"), HasSubstr("201 characters, at most 200"));
  EXPECT_THAT(answer("client-e", "private-a", json_string(std::string(10'241, 'x'))),
              HasSubstr("10241 bytes, at most 10240"));
  EXPECT_EQ(receiver->unexpected(), "");
  sender->trigger("client-" + std::string(193, 'x'), "private-a", json_string(std::string(10'240, 'x')));
  EXPECT_EQ(receiver->next_text().size(),
            event_text("client-" + std::string(193, 'x'), "private-a", std::string(10'240, 'x')).size());
}

TEST_P(ClientEventTest, OffByDefault) {
  const auto sender = server().connect();
  sender->subscribe_and_wait("private-a");
  sender->trigger("client-e", "private-a", R"("1")");
  EXPECT_EQ(sender->next_text(),
            error_text("To send client events, you must enable this feature in the Settings page of your dashboard."));
}

TEST_P(ClientEventTest, BeyondTheRateTheyAreDroppedWith4301AndTheConnectionStays) {
  start_with("client_events_per_second = 1");
  const auto sender = server().connect();
  const auto receiver = server().connect();
  sender->subscribe_and_wait("private-a");
  receiver->subscribe_and_wait("private-a");
  std::string burst;
  for (int i = 0; i < 5; ++i) {
    burst += WsClient::frame({}, R"({"event":"client-e","channel":"private-a","data":")" + std::to_string(i) + R"("})");
  }
  sender->socket().send(burst);
  EXPECT_EQ(receiver->next_text(), event_text("client-e", "private-a", "0"));
  EXPECT_EQ(sender->next_text(), error_text(4301, "Client event rejected due to rate limit"));
  EXPECT_GE(server().metric("fanfare_session_client_events_total", "refused"), 1);
}

FANFARE_WITH_LOOPS(ClientEventTest);

}  // namespace
}  // namespace fanfare::test
