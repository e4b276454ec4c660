// The shipped rules, role by role: the table of docs/gateway.md as data.
#include "access/shipped_rules.h"

#include <gtest/gtest.h>

#include "access/access_table.h"

namespace fanfare::access {
namespace {

std::shared_ptr<const AccessTable> shipped() {
  AccessOptions options;
  options.rules = shipped_rules();
  auto table = AccessTable::build(options);
  EXPECT_TRUE(table.ok()) << (table.ok() ? "" : table.error().message);
  return *std::move(table);
}

// Who may, one letter each: n(o role) s(tudent) t(eacher) a(dmin) b(ackend, role service), and of those without a role
// u: user 7, c: whose classes hold 7.
struct Row {
  const char* channel;
  const char* subscribe;
  const char* trigger;
  const char* client_events;
  ClientEventDemand demand;
};

constexpr auto kNobody = ClientEventDemand::kNobody;
constexpr auto kSubscription = ClientEventDemand::kSubscription;
constexpr auto kRole = ClientEventDemand::kRole;

const Row kRows[] = {
    {"public-dashboard", "nstauc", "tab", "", kNobody},
    {"public-notifications", "nstauc", "tab", "", kNobody},
    {"dashboard-updates", "nstauc", "tab", "", kNobody},
    {"content-generation", "nstauc", "tab", "", kNobody},
    {"agent-status", "nstauc", "ab", "", kNobody},
    {"private-admin", "a", "ab", "a", kSubscription},
    {"private-encrypted-admin", "a", "ab", "a", kSubscription},
    {"private-teacher", "ta", "tab", "ta", kSubscription},
    {"private-cache-teacher", "ta", "tab", "ta", kSubscription},
    {"private-student", "sta", "tab", "", kNobody},
    {"private-encrypted-cache-student", "sta", "tab", "", kNobody},
    {"private-user-7", "au", "tabu", "au", kSubscription},
    {"private-encrypted-user-7", "au", "tabu", "au", kSubscription},
    {"private-user-8", "a", "tab", "a", kSubscription},
    {"private-class-7", "tac", "tab", "ta", kRole},
    {"private-class-8", "ta", "tab", "ta", kRole},
    {"presence-classroom-101", "sta", "tab", "sta", kSubscription},
    {"presence-cache-classroom-101", "sta", "tab", "sta", kSubscription},
    {"presence-admin", "a", "ab", "a", kSubscription},
    {"agent-tasks", "ta", "ab", "", kNobody},
    {"agent-grader", "a", "ab", "", kNobody},
    {"agent-agent-7", "a", "ab", "", kNobody},
    {"agent-metrics", "a", "ab", "", kNobody},
    {"system-health", "a", "ab", "", kNobody},
    // Names that look like some of the above.
    {"private-x-student", "", "b", "", kNobody},
    {"private-student2", "", "b", "", kNobody},
    {"private-", "", "b", "", kNobody},
    {"private-user-", "", "b", "", kNobody},
    {"private-classroom-101", "", "b", "", kNobody},
    {"presence-classroom-", "", "b", "", kNobody},
    {"presence-teacher", "", "b", "", kNobody},
    {"private-presence-admin", "", "b", "", kNobody},
    {"private-private-admin", "", "b", "", kNobody},
    {"agent-", "nstauc", "b", "", kNobody},
    {"cache-agent-metrics", "nstauc", "b", "", kNobody},
    {"teacher", "nstauc", "b", "", kNobody},
};

TEST(ShippedRulesTest, LetInExactlyWhomTheTableSays) {
  const auto table = shipped();
  const std::pair<char, Subject> subjects[] = {
      {'n', {}},
      {'s', {.user_id = "1", .role = "student"}},
      {'t', {.user_id = "2", .role = "teacher"}},
      {'a', {.user_id = "3", .role = "admin"}},
      {'b', {.user_id = "4", .role = "service"}},
      {'u', {.user_id = "7"}},
      {'c', {.user_id = "5", .claims = {{.name = "classes", .values = {"7"}}}}},
  };
  for (const Row& row : kRows) {
    for (const auto& entry : subjects) {
      const char letter = entry.first;
      const Subject& subject = entry.second;
      const auto expect = [&](Action action, std::string_view who, const char* what) {
        EXPECT_EQ(table->decide(action, subject, row.channel).allowed, who.find(letter) != std::string_view::npos)
            << row.channel << ", " << what << ", " << letter;
      };
      expect(Action::kSubscribe, row.subscribe, "subscribe");
      expect(Action::kTrigger, row.trigger, "trigger");
      expect(Action::kClientEvents, row.client_events, "client events");
    }
    EXPECT_EQ(table->client_event_demand(row.channel), row.demand) << row.channel;
    EXPECT_EQ(table->is_open(Action::kSubscribe, row.channel), std::string_view(row.subscribe) == "nstauc")
        << row.channel;
  }
}

TEST(ShippedRulesTest, SayWhatIsNeeded) {
  const auto table = shipped();
  const Subject student{.user_id = "1", .role = "student"};
  EXPECT_EQ(table->decide(Action::kSubscribe, student, "private-teacher").reason, "needs role teacher");
  EXPECT_EQ(table->decide(Action::kSubscribe, student, "agent-metrics").reason, "needs role admin");
  EXPECT_EQ(table->decide(Action::kSubscribe, student, "agent-tasks").reason, "needs role teacher");
  EXPECT_EQ(table->decide(Action::kSubscribe, student, "private-user-2").reason,
            "needs role admin or the channel's {user_id} in user_id");
  EXPECT_EQ(table->decide(Action::kClientEvents, student, "private-student").reason,
            "nobody may send client events on this channel");
}

TEST(ShippedRulesTest, AUsersIdThatIsNoPartOfAChannelNameOpensNothing) {
  const auto table = shipped();
  for (const std::string_view id : {"", "a/b", "a b", "{user_id}", "7\n", "*", "#7", "é"}) {
    const Subject subject{.user_id = std::string(id)};
    EXPECT_FALSE(table->decide(Action::kSubscribe, subject, "private-user-" + std::string(id)).allowed) << id;
    EXPECT_FALSE(table->decide(Action::kSubscribe, subject, "private-user-7").allowed) << id;
  }
  // What a channel name may hold opens that user's channel and no other.
  const Subject odd{.user_id = "a=b@c,d.e;f_g-h"};
  EXPECT_TRUE(table->decide(Action::kSubscribe, odd, "private-user-a=b@c,d.e;f_g-h").allowed);
  EXPECT_FALSE(table->decide(Action::kSubscribe, odd, "private-user-a=b@c,d.e;f_g").allowed);
}

}  // namespace
}  // namespace fanfare::access
