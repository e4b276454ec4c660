#include "gateway/channel_handlers.h"

#include <gtest/gtest.h>

#include "gateway/gateway_test_support.h"

namespace fanfare::gateway {
namespace {

class ChannelHandlersTest : public GatewayTest {
 protected:
  TestAnswer get(std::string_view target, std::string_view role) {
    return ask("GET", "/api/v1/realtime/" + std::string(target), as("7", role));
  }
};

TEST_F(ChannelHandlersTest, ListsWhatTheRoleMaySubscribeTo) {
  for (const char* name :
       {"agent-metrics", "agent-tasks", "orders", "private-admin", "private-student", "private-user-7",
        "private-user-8", "presence-classroom-1", "private-unknown", "#server-to-user-7"}) {
    backend().occupied[name] = {};
  }
  EXPECT_EQ(get("channels", "student").body,
            R"({"channels":{"orders":{},"presence-classroom-1":{},"private-student":{},"private-user-7":{}}})");
  EXPECT_EQ(get("channels", "teacher").body.find("private-admin"), std::string::npos);
  EXPECT_NE(get("channels", "teacher").body.find("agent-tasks"), std::string::npos);
  EXPECT_EQ(get("channels", "admin").body.find("private-unknown"), std::string::npos);
  EXPECT_EQ(get("channels", "admin").body.find('#'), std::string::npos);
  EXPECT_EQ(get("channels", "service").body, R"({"channels":{}})");
}

TEST_F(ChannelHandlersTest, FiltersAndCounts) {
  backend().occupied["presence-classroom-1"].user_count = 2;
  EXPECT_EQ(get("channels?filter_by_prefix=presence-&info=user_count", "student").body,
            R"({"channels":{"presence-classroom-1":{"user_count":2}}})");
  EXPECT_EQ(backend().asked_prefix, "presence-");
  EXPECT_EQ(get("channels?info=user_count", "student").status, 400);
  EXPECT_EQ(get("channels?info=secrets", "student").status, 400);
}

TEST_F(ChannelHandlersTest, TellsOfOneChannel) {
  EXPECT_EQ(get("channels/presence-classroom-1?info=subscription_count", "student").body,
            R"({"channel":"presence-classroom-1","occupied":true,"user_count":2,"subscription_count":3})");
  EXPECT_EQ(get("channels/orders", "student").body, R"({"channel":"orders","occupied":true})");
  EXPECT_EQ(get("channels/private-admin", "student").message(), "needs role admin");
  EXPECT_EQ(get("channels/a%20b", "student").status, 400);
  EXPECT_EQ(get("channels/%23server-to-user-7", "admin").status, 403);
  EXPECT_EQ(get("channels/orders?info=user_count", "student").status, 400);
}

TEST_F(ChannelHandlersTest, TellsWhoIsPresent) {
  EXPECT_EQ(get("presence/presence-classroom-1", "student").body,
            R"({"channel":"presence-classroom-1","count":2,"users":[{"id":"7"},{"id":"8"}]})");
  EXPECT_EQ(get("presence/presence-admin", "student").status, 403);
  EXPECT_EQ(get("presence/orders", "student").status, 400);
}

}  // namespace
}  // namespace fanfare::gateway
