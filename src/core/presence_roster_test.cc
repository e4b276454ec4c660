#include "core/presence_roster.h"

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

using Outcome = PresenceRoster::JoinOutcome;

ConnectionRef connection(std::uint32_t slot) { return {LoopIndex(0), slot, 77}; }
MemberRef member(std::string_view user_id, std::string_view info = {}) { return Member::make(user_id, info); }
std::string user(std::size_t number) { return "user" + std::to_string(number); }
// The user whose last connection left; "": the member has others.
std::string leave(PresenceRoster& roster, ConnectionRef connection) {
  const MemberRef gone = roster.leave(connection);
  return gone ? std::string(gone->user_id()) : std::string();
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
  EXPECT_EQ(leave(roster, connection(1)), "");
  EXPECT_EQ(leave(roster, connection(2)), "alice");
  EXPECT_EQ(roster.member_count(), 0U);
}

TEST(PresenceRosterTest, AFullRosterTakesFurtherConnectionsOfItsMembersOnly) {
  PresenceRoster roster;
  EXPECT_EQ(roster.join(connection(1), member("alice"), 2), Outcome::kFirstConnection);
  EXPECT_EQ(roster.join(connection(2), member("bob"), 2), Outcome::kFirstConnection);
  EXPECT_EQ(roster.join(connection(3), member("carol"), 2), Outcome::kFull);
  EXPECT_EQ(roster.join(connection(4), member("bob"), 2), Outcome::kFurtherConnection);
  EXPECT_FALSE(roster.is_member(connection(3)));
  EXPECT_EQ(leave(roster, connection(1)), "alice");
  EXPECT_EQ(roster.join(connection(3), member("carol"), 2), Outcome::kFirstConnection);
}

TEST(PresenceRosterTest, PlacesAreUsedAgain) {
  PresenceRoster roster;
  for (std::uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(roster.join(connection(i), member(user(i)), 1), Outcome::kFirstConnection);
    EXPECT_EQ(roster.user_ids(), std::vector<std::string>{user(i)});
    EXPECT_EQ(leave(roster, connection(i)), user(i));
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

// Small rosters are searched, larger ones have an index: nobody may notice which.
class PresenceRosterSizeTest : public testing::TestWithParam<std::uint32_t> {};

TEST_P(PresenceRosterSizeTest, EveryoneIsFoundAndLeavesInWhateverOrder) {
  const std::uint32_t size = GetParam();
  for (const std::uint32_t stride : {1U, 7U, size - 1}) {  // no size has a divisor in common with them
    PresenceRoster roster;
    for (std::uint32_t i = 0; i < size; ++i) {
      EXPECT_EQ(roster.join(connection(i), member(user(i)), size), Outcome::kFirstConnection);
      EXPECT_EQ(roster.join(connection(size + i), member(user(i)), size), Outcome::kFurtherConnection);
    }
    EXPECT_EQ(roster.join(connection(9999), member("one too many"), size), Outcome::kFull);
    EXPECT_EQ(roster.member_count(), size);
    for (std::uint32_t i = 0; i < size; ++i) {
      const std::uint32_t leaver = i * stride % size;
      EXPECT_TRUE(roster.is_member(connection(leaver)));
      EXPECT_EQ(leave(roster, connection(leaver)), "");
      EXPECT_FALSE(roster.is_member(connection(leaver)));
      EXPECT_EQ(leave(roster, connection(size + leaver)), user(leaver));
      EXPECT_EQ(roster.member_count(), size - 1 - i);
    }
    EXPECT_TRUE(roster.user_ids().empty());
  }
}

INSTANTIATE_TEST_SUITE_P(AroundTheThreshold, PresenceRosterSizeTest,
                         testing::Values(PlaceIndex::kUnindexedMax / 2 + 1, PlaceIndex::kUnindexedMax - 1,
                                         PlaceIndex::kUnindexedMax, PlaceIndex::kUnindexedMax + 1,
                                         PlaceIndex::kUnindexedMax + 3, 101, 1009));

// What a roster promises, the slow and obvious way.
struct RosterModel {
  std::map<std::uint32_t, std::string> user_of;            // by the connection's slot
  std::map<std::string, std::set<std::uint32_t>> members;  // the slots of each user
};

void join_or_leave(PresenceRoster& roster, RosterModel& model, std::uint32_t slot, const std::string& user_id,
                   std::uint32_t members_max) {
  if (const auto known = model.user_of.find(slot); known != model.user_of.end()) {
    std::set<std::uint32_t>& slots = model.members[known->second];
    slots.erase(slot);
    ASSERT_EQ(leave(roster, connection(slot)), slots.empty() ? known->second : "");
    if (slots.empty()) model.members.erase(known->second);
    model.user_of.erase(known);
    return;
  }
  const Outcome outcome = roster.join(connection(slot), member(user_id), members_max);
  if (model.members.contains(user_id)) {
    ASSERT_EQ(outcome, Outcome::kFurtherConnection);
  } else if (model.members.size() == members_max) {
    ASSERT_EQ(outcome, Outcome::kFull);
    return;
  } else {
    ASSERT_EQ(outcome, Outcome::kFirstConnection);
  }
  model.user_of[slot] = user_id;
  model.members[user_id].insert(slot);
}

TEST(PresenceRosterTest, BehavesLikeAMapOfSets) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (const std::uint32_t users : {3U, 20U, 200U}) {  // below, around and above the threshold
    PresenceRoster roster;
    RosterModel model;
    for (int step = 0; step < 4000; ++step) {
      const auto slot = static_cast<std::uint32_t>(random() % (2UL * users));
      ASSERT_NO_FATAL_FAILURE(join_or_leave(roster, model, slot, user(random() % users), users - users / 4));
      ASSERT_EQ(roster.is_member(connection(slot)), model.user_of.contains(slot));
      ASSERT_EQ(roster.member_count(), model.members.size());
    }
    std::vector<std::string> expected;
    for (const auto& [user_id, slots] : model.members) expected.push_back(user_id);
    EXPECT_THAT(roster.user_ids(), testing::UnorderedElementsAreArray(expected));
  }
}

}  // namespace
}  // namespace fanfare::core
