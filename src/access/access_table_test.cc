#include "access/access_table.h"

#include <gtest/gtest.h>

namespace fanfare::access {
namespace {

std::shared_ptr<const AccessTable> table_of(std::vector<RuleText> rules) {
  AccessOptions options;
  options.rules = std::move(rules);
  auto table = AccessTable::build(options);
  EXPECT_TRUE(table.ok()) << (table.ok() ? "" : table.error().message);
  return *std::move(table);
}

std::string fault_of(const AccessOptions& options) {
  const auto table = AccessTable::build(options);
  return table.ok() ? "" : table.error().message;
}

const Subject kAdmin{.user_id = "1", .role = "admin"};
const Subject kService{.user_id = "", .role = "service"};

TEST(AccessTableTest, WithoutARulePrivateAndPresenceAreClosedToAdminsToo) {
  const auto table = table_of({});
  for (const char* channel :
       {"private-x", "presence-x", "private-encrypted-x", "private-cache-x", "presence-cache-x"}) {
    const Decision decision = table->decide(Action::kSubscribe, kAdmin, channel);
    EXPECT_FALSE(decision.allowed) << channel;
    EXPECT_EQ(decision.reason, "no access rule for this channel");
    EXPECT_FALSE(table->decide(Action::kTrigger, kAdmin, channel).allowed) << channel;
    EXPECT_FALSE(table->is_open(Action::kSubscribe, channel)) << channel;
    EXPECT_EQ(table->client_event_demand(channel), ClientEventDemand::kNobody) << channel;
  }
}

TEST(AccessTableTest, WithoutARuleAPublicChannelIsOpenToSubscribersOnly) {
  const auto table = table_of({});
  for (const char* channel : {"orders", "cache-orders", "privateer", "presence"}) {
    EXPECT_TRUE(table->decide(Action::kSubscribe, {}, channel).allowed) << channel;
    EXPECT_TRUE(table->is_open(Action::kSubscribe, channel)) << channel;
    EXPECT_FALSE(table->decide(Action::kTrigger, kAdmin, channel).allowed) << channel;
    EXPECT_FALSE(table->is_open(Action::kTrigger, channel)) << channel;
  }
}

TEST(AccessTableTest, ExactNamesWinOverPatternsAndLongerPrefixesOverShorter) {
  const auto table = table_of(
      {{"agent-{id}", "admin", "", ""}, {"agent-x{id}", "student", "", ""}, {"agent-status", "anyone", "", ""}});
  EXPECT_TRUE(table->decide(Action::kSubscribe, {}, "agent-status").allowed);
  EXPECT_TRUE(table->decide(Action::kSubscribe, {.role = "student"}, "agent-x1").allowed);
  EXPECT_EQ(table->decide(Action::kSubscribe, {.role = "student"}, "agent-y1").reason, "needs role admin");
}

TEST(AccessTableTest, AnExactRuleThatRefusesIsNotGotAroundByAPattern) {
  const auto table = table_of({{"private-{x}", "student", "", ""}, {"private-vault", "", "", ""}});
  for (const char* channel : {"private-vault", "private-cache-vault", "private-encrypted-vault"}) {
    EXPECT_EQ(table->decide(Action::kSubscribe, kAdmin, channel).reason, "nobody may subscribe to this channel");
  }
  EXPECT_TRUE(table->decide(Action::kSubscribe, kAdmin, "private-vault2").allowed);
}

TEST(AccessTableTest, AServiceTriggersEverywhereAndSubscribesNowhere) {
  const auto table = table_of({{"private-a", "service, admin", "admin", "service"}, {"open", "anyone", "", ""}});
  for (const char* channel : {"private-a", "private-unknown", "presence-unknown", "open", "unknown"}) {
    EXPECT_TRUE(table->decide(Action::kTrigger, kService, channel).allowed) << channel;
    EXPECT_FALSE(table->decide(Action::kSubscribe, kService, channel).allowed) << channel;
    EXPECT_FALSE(table->decide(Action::kClientEvents, kService, channel).allowed) << channel;
  }
}

TEST(AccessTableTest, SystemChannelsAndInvalidNamesAreClosedToEveryone) {
  const auto table = table_of({{"{x}", "anyone", "anyone", "anyone"}});
  for (const std::string_view channel : {"#server-to-user-1", "#x", "", "a b", "orders\n", "{x}", "a/b"}) {
    for (const Subject& subject : {kAdmin, kService}) {
      EXPECT_FALSE(table->decide(Action::kSubscribe, subject, channel).allowed) << channel;
      EXPECT_FALSE(table->decide(Action::kTrigger, subject, channel).allowed) << channel;
    }
    EXPECT_FALSE(table->is_open(Action::kSubscribe, channel)) << channel;
  }
}

TEST(AccessTableTest, NamesTheRuleThatIsAtFault) {
  AccessOptions options;
  options.rules = {{"private-a", "root", "", ""}};
  EXPECT_NE(fault_of(options).find("channel \"private-a\", subscribe: \"root\" is none of the roles"),
            std::string::npos)
      << fault_of(options);
  options.rules = {{"private-{a}", "", "", ""}, {"private-{b}", "", "", ""}};
  EXPECT_EQ(fault_of(options), "channel \"private-{b}\" has two rules");
  options.rules = std::vector<RuleText>(kRulesMax + 1);
  EXPECT_EQ(fault_of(options), "1001 access rules, at most 1000 are allowed");
  options.rules = {};
  options.roles = {"student", "student"};
  EXPECT_EQ(fault_of(options), "role \"student\" is given twice");
  options.roles = {"student", "service"};
  EXPECT_EQ(fault_of(options), "role \"service\" is given twice");
  options.roles = {"anyone"};
  EXPECT_EQ(fault_of(options), "role \"anyone\" is a word of the rules");
  options.roles = {};
  EXPECT_EQ(fault_of(options), "expected at least one role");
  options.roles = {"a,b"};
  EXPECT_EQ(fault_of(options), "role \"a,b\" has characters other than A-Za-z0-9_-.");
}

TEST(AccessTableTest, NamesTheClaimsThatItNeeds) {
  const auto table =
      table_of({{"private-{a}", "classes={a}, user_id={a}", "teams={a}", ""}, {"presence-{a}", "classes={a}", "", ""}});
  EXPECT_EQ(table->claim_names(), (std::vector<std::string>{"classes", "teams"}));
}

}  // namespace
}  // namespace fanfare::access
