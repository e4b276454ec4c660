// Presence: members are users, not connections. Source: REF 3.6, 4
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kRoom = "presence-room";

std::string member(std::string_view id) { return R"({"user_id":")" + std::string(id) + R"("})"; }

// The channel's part of a subscription_succeeded: {"presence":{…}}, with the quotes of a JSON string.
std::string roster(std::string_view presence) {
  return R"("data":)" + json_string(R"({"presence":)" + std::string(presence) + "}");
}

class PresenceTest : public LoopsTest {};

TEST_P(PresenceTest, TheJoinerSeesTheRosterAndTheOthersTheJoiner) {
  const auto first = server().connect();
  EXPECT_THAT(first->subscribe_and_wait(kRoom, R"({"user_id":"u7","user_info":{"name":"Zoë"}})"),
              HasSubstr(roster(R"({"count":1,"ids":["u7"],"hash":{"u7":{"name":"Zoë"}}})")));
  {
    const auto second = server().connect();
    EXPECT_THAT(
        second->subscribe_and_wait(kRoom, member("u9")),
        AllOf(HasSubstr(R"(\"count\":2)"), HasSubstr(R"(\"u9\":null)"), HasSubstr(R"(\"u7\":{\"name\":\"Zoë\"})")));
    EXPECT_THAT(first->next_text(), AllOf(HasSubstr("member_added"), HasSubstr(R"({\"user_id\":\"u9\")")));
    EXPECT_EQ(second->unexpected(), "");
    second->unsubscribe(kRoom);
    EXPECT_EQ(first->next_text(), member_removed(kRoom, "u9"));
    second->subscribe_and_wait(kRoom, R"({"user_id":"u9","user_info":"again"})");
    EXPECT_EQ(first->next_text(), member_added(kRoom, R"({"user_id":"u9","user_info":"again"})"));
  }
  EXPECT_EQ(first->next_text(), member_removed(kRoom, "u9"));
  EXPECT_EQ(first->unexpected(), "");
}

TEST_P(PresenceTest, OnlyTheFirstAndTheLastConnectionOfAUserCount) {
  const auto watcher = server().connect();
  watcher->subscribe_and_wait(kRoom, member("watcher"));
  auto tab = server().connect();
  auto second_tab = server().connect();
  auto third_tab = server().connect();
  tab->subscribe_and_wait(kRoom, member("u7"));
  EXPECT_THAT(watcher->next_text(), HasSubstr("member_added"));
  EXPECT_THAT(second_tab->subscribe_and_wait(kRoom, member("u7")), HasSubstr(R"(\"count\":2)"));
  EXPECT_THAT(third_tab->subscribe_and_wait(kRoom, member("u7")), HasSubstr(R"(\"count\":2)"));
  EXPECT_EQ(server().api().get("/channels/presence-room", {{"info", "user_count"}}).body,
            R"({"occupied":true,"user_count":2})");
  tab.reset();
  second_tab->unsubscribe(kRoom);
  EXPECT_EQ(second_tab->unexpected(), "");
  // Behind whatever these two caused.
  const auto last = server().connect();
  last->subscribe_and_wait(kRoom, member("last"));
  EXPECT_THAT(watcher->next_text(), AllOf(HasSubstr("member_added"), HasSubstr("last")));
  third_tab.reset();
  EXPECT_EQ(watcher->next_text(), member_removed(kRoom, "u7"));
}

TEST_P(PresenceTest, NumbersAndStringsAreTheSameUser) {
  const auto first = server().connect();
  const auto second = server().connect();
  EXPECT_THAT(first->subscribe_and_wait(kRoom, R"({"user_id":10})"),
              HasSubstr(roster(R"({"count":1,"ids":["10"],"hash":{"10":null}})")));
  EXPECT_THAT(second->subscribe_and_wait(kRoom, member("10")), HasSubstr(R"(\"count\":1)"));
  EXPECT_EQ(first->unexpected(), "");
}

TEST_P(PresenceTest, ALaterUserInfoReplacesTheEarlierOne) {
  const auto first = server().connect();
  const auto second = server().connect();
  const auto third = server().connect();
  first->subscribe_and_wait(kRoom, R"({"user_id":"a","user_info":1})");
  second->subscribe_and_wait(kRoom, R"({"user_id":"a","user_info":2})");
  EXPECT_THAT(third->subscribe_and_wait(kRoom, member("b")), HasSubstr(R"(\"a\":2)"));
}

TEST_P(PresenceTest, BadChannelDataIsRefused) {
  const auto client = server().connect();
  for (const std::string& data :
       {std::string("nonsense"), std::string("{}"), std::string(R"({"user_id":""})"),
        std::string(R"({"user_id":null})"), std::string(R"({"user_id":1.5})"), member(std::string(129, 'x')),
        R"({"user_id":"a","user_info":")" + std::string(1023, 'x') + R"("})"}) {
    EXPECT_THAT(client->subscribe_and_wait(kRoom, data), HasSubstr("Invalid channel_data")) << data;
  }
  EXPECT_THAT(client->subscribe_and_wait(kRoom), HasSubstr("Invalid channel_data: must be valid JSON with a user_id"));
  EXPECT_THAT(client->subscribe_and_wait(kRoom, R"({"user_id":"a","user_info":")" + std::string(1022, 'x') + R"("})"),
              HasSubstr("subscription_succeeded"));
}

TEST_P(PresenceTest, ASignedInUserNeedsNoChannelData) {
  const auto client = server().connect();
  client->sign_in(R"({"id":"u7","user_info":{"name":"Ida"}})");
  EXPECT_THAT(client->next_text(), HasSubstr("signin_success"));
  EXPECT_THAT(client->subscribe_and_wait(kRoom), HasSubstr(R"(\"hash\":{\"u7\":{\"name\":\"Ida\"}})"));
  const auto explicit_data = server().connect();
  explicit_data->sign_in_as("u8");
  EXPECT_THAT(explicit_data->subscribe_and_wait(kRoom, member("other")), HasSubstr(R"(\"other\":null)"));
}

TEST_P(PresenceTest, AFullChannelStillAdmitsItsMembers) {
  start({{.limits = "presence_members = 2"}});
  const auto first = server().connect();
  const auto second = server().connect();
  const auto third = server().connect();
  first->subscribe_and_wait(kRoom, member("a"));
  second->subscribe_and_wait(kRoom, member("b"));
  EXPECT_THAT(third->subscribe_and_wait(kRoom, member("c")),
              HasSubstr("Maximum members per presence channel limit reached"));
  EXPECT_THAT(third->subscribe_and_wait(kRoom, member("b")), HasSubstr(R"(\"count\":2)"));
}

TEST_P(PresenceTest, EveryoneAgreesAboutWhoIsThereAfterManyHaveComeAndGone) {
  constexpr int kUsers = 30;
  const auto watcher = server().connect();
  watcher->subscribe_and_wait(kRoom, member("watcher"));
  std::vector<std::unique_ptr<PusherClient>> clients;
  for (int i = 0; i < 2 * kUsers; ++i) {  // two connections each
    clients.push_back(server().connect());
    clients.back()->subscribe(kRoom, member("u" + std::to_string(i % kUsers)));
  }
  for (const auto& client : clients) client->next_text();
  for (int i = 0; i < kUsers; i += 2) {
    clients[static_cast<std::size_t>(i)].reset();
    clients[static_cast<std::size_t>(i + kUsers)].reset();
  }
  std::set<std::string> present;
  std::size_t changes = 0;
  for (; changes < kUsers + kUsers / 2; ++changes) {
    const std::string text = watcher->next_text();
    const std::size_t begin = text.find(R"(\"user_id\":\")") + 14;
    const std::string id = text.substr(begin, text.find('\\', begin) - begin);
    if (text.find("member_added") != std::string::npos) {
      EXPECT_TRUE(present.insert(id).second) << id << " was added twice";
    } else {
      EXPECT_EQ(present.erase(id), 1U) << id << " was removed and not there";
    }
  }
  EXPECT_EQ(present.size(), kUsers / 2);
  EXPECT_EQ(watcher->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_core_presence_members"), kUsers / 2 + 1);
  clients.clear();
  wait_until("only the watcher is there", [&] {
    return server().api().get("/channels/presence-room/users").body == R"({"users":[{"id":"watcher"}]})";
  });
}

FANFARE_WITH_LOOPS(PresenceTest);

}  // namespace
}  // namespace fanfare::test
