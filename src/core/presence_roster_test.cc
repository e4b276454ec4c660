#include "core/presence_roster.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

using Outcome = PresenceRoster::JoinOutcome;

ConnectionRef connection(std::uint32_t slot) { return {LoopIndex(0), slot, 77}; }
Member member(const std::string& user_id, const std::string& info = {}) {
  return {user_id, pusher::make_presence_fragments(user_id, info)};
}
std::string roster_of(const PresenceRoster& roster) {
  std::string text;
  roster.append_roster(text, "presence-room");
  return text;
}

TEST(PresenceRosterTest, OnlyTheFirstAndLastConnectionOfAUserCount) {
  PresenceRoster roster;
  EXPECT_EQ(roster.join(connection(1), member("alice"), 0), Outcome::kFirstConnection);
  EXPECT_EQ(roster.join(connection(2), member("alice"), 0), Outcome::kFurtherConnection);
  EXPECT_EQ(roster.member_count(), 1U);
  EXPECT_EQ(roster.leave(connection(1)), "");
  EXPECT_EQ(roster.leave(connection(2)), "alice");
  EXPECT_EQ(roster.member_count(), 0U);
}

TEST(PresenceRosterTest, AFullRosterTakesFurtherConnectionsOfItsMembersOnly) {
  PresenceRoster roster;
  EXPECT_EQ(roster.join(connection(1), member("alice"), 2), Outcome::kFirstConnection);
  EXPECT_EQ(roster.join(connection(2), member("bob"), 2), Outcome::kFirstConnection);
  EXPECT_EQ(roster.join(connection(3), member("carol"), 2), Outcome::kFull);
  EXPECT_EQ(roster.join(connection(4), member("bob"), 2), Outcome::kFurtherConnection);
  EXPECT_FALSE(roster.is_member(connection(3)));
  EXPECT_EQ(roster.leave(connection(1)), "alice");
  EXPECT_EQ(roster.join(connection(3), member("carol"), 2), Outcome::kFirstConnection);
}

TEST(PresenceRosterTest, PlacesAreUsedAgain) {
  PresenceRoster roster;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(roster.join(connection(i), member("user" + std::to_string(i)), 1), Outcome::kFirstConnection);
    EXPECT_EQ(roster.user_ids(), std::vector<std::string>{"user" + std::to_string(i)});
    EXPECT_EQ(roster.leave(connection(i)), "user" + std::to_string(i));
  }
  EXPECT_TRUE(roster.user_ids().empty());
}

TEST(PresenceRosterTest, TheNewestUserInfoIsShown) {
  PresenceRoster roster;
  (void)roster.join(connection(1), member("alice", R"({"name":"A"})"), 0);
  (void)roster.join(connection(2), member("alice", R"({"name":"Alice"})"), 0);
  EXPECT_EQ(roster_of(roster),
            R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"count\":1,)"
            R"(\"ids\":[\"alice\"],\"hash\":{\"alice\":{\"name\":\"Alice\"}}}}","channel":"presence-room"})");
}

TEST(PresenceRosterTest, TheRosterLeavesOutThoseWhoLeft) {
  PresenceRoster roster;
  (void)roster.join(connection(1), member("alice"), 0);
  (void)roster.join(connection(2), member("bob"), 0);
  (void)roster.leave(connection(1));
  EXPECT_EQ(roster_of(roster),
            R"({"event":"pusher_internal:subscription_succeeded","data":"{\"presence\":{\"count\":1,)"
            R"(\"ids\":[\"bob\"],\"hash\":{\"bob\":null}}}","channel":"presence-room"})");
}

}  // namespace
}  // namespace fanfare::core
