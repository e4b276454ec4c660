#include "cli/listen_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ListenPlan plan_for(std::vector<std::string> channels) {
  return {.channels = std::move(channels), .user = {}, .presence_user_id = {}, .user_info = {}};
}

TEST(ListenPlanTest, TakesEachChannelOnce) {
  const auto plan = prepare_plan(plan_for({"a", "b", "a"}), false);
  ASSERT_TRUE(plan.ok());
  EXPECT_THAT(plan->channels, ElementsAre("a", "b"));
}

TEST(ListenPlanTest, ChannelsThatAreSignedNeedTheSecret) {
  for (const char* channel : {"private-a", "presence-a", "private-encrypted-a", "private-cache-a"}) {
    EXPECT_TRUE(prepare_plan(plan_for({channel}), true).ok());
    const auto plan = prepare_plan(plan_for({channel}), false);
    ASSERT_FALSE(plan.ok());
    EXPECT_THAT(plan.error().message, HasSubstr(std::string(channel) + " needs a signature"));
  }
  EXPECT_TRUE(prepare_plan(plan_for({"cache-a", "privateer"}), false).ok());
}

TEST(ListenPlanTest, AUserListensToItsOwnChannel) {
  ListenPlan plan = plan_for({"a"});
  plan.user = "ida";
  EXPECT_FALSE(prepare_plan(plan, false).ok());
  EXPECT_THAT(prepare_plan(plan, true)->channels, ElementsAre("#server-to-user-ida", "a"));
  plan.channels = {"#server-to-user-ida"};
  EXPECT_THAT(prepare_plan(plan, true)->channels, ElementsAre("#server-to-user-ida"));
  plan.channels = {"#server-to-user-bob"};
  EXPECT_THAT(prepare_plan(plan, true).error().message, HasSubstr("--user bob"));
}

TEST(ListenPlanTest, RefusesWhatCannotBe) {
  EXPECT_FALSE(prepare_plan(plan_for({}), true).ok());
  EXPECT_FALSE(prepare_plan(plan_for({"no spaces"}), true).ok());
  ListenPlan plan = plan_for({"presence-a"});
  plan.user_info = "{";
  EXPECT_THAT(prepare_plan(plan, true).error().message, HasSubstr("--user-info"));
  plan.user_info = R"( {"name": "Ida"} )";
  EXPECT_EQ(prepare_plan(plan, true)->user_info, R"({"name":"Ida"})");
}

TEST(ListenPlanTest, ThePresenceMemberIsTheUserUnlessNamed) {
  ListenPlan plan;
  EXPECT_EQ(presence_user_id_of(plan), "fanfare-listen");
  plan.user = "ida";
  EXPECT_EQ(presence_user_id_of(plan), "ida");
  plan.presence_user_id = "bob";
  EXPECT_EQ(presence_user_id_of(plan), "bob");
}

TEST(ListenPlanTest, EncodesTheKey) {
  EXPECT_EQ(connection_target("a/b?c", "1.0"), "/app/a%2Fb%3Fc?protocol=7&client=fanfare-cli&version=1.0");
}

}  // namespace
}  // namespace fanfare::cli
