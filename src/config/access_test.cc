// [access]: roles and rules, and the apps that go by them.
#include <gmock/gmock.h>

#include "config/config_test_support.h"
#include "config/show.h"

namespace fanfare::config {
namespace {

using access::Action;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kApps = R"(
[[apps]]
id = "with"
keys = [{ key = "k1", secret = "s" }]
access_rules = true
[[apps]]
id = "without"
keys = [{ key = "k2", secret = "s" }]
)";

class AccessTest : public LoadTest {};

TEST_F(AccessTest, TheShippedRulesHoldWhereTheFileHasNone) {
  const Config config = must_load(inputs(kApps)).config;
  ASSERT_NE(config.access_table, nullptr);
  EXPECT_EQ(config.access.rules, access::shipped_rules());
  EXPECT_EQ(config.apps.at(0).access, config.access_table);
  EXPECT_EQ(config.apps.at(1).access, nullptr);
  EXPECT_TRUE(config.access_table->decide(Action::kSubscribe, {.role = "admin"}, "agent-metrics").allowed);
}

TEST_F(AccessTest, RulesOfTheFileReplaceThem) {
  const Loaded loaded = must_load(inputs(std::string(kApps) + R"(
[access]
roles = ["viewer", "editor"]
[[access.rules]]
channel = "desk-{desk_id}"
subscribe = "editor, desks={desk_id}"
trigger = "anyone"
)"));
  const Config& config = loaded.config;
  EXPECT_THAT(config.access.roles, ElementsAre("viewer", "editor"));
  EXPECT_THAT(config.access.service_roles, ElementsAre("service"));
  ASSERT_EQ(config.access.rules.size(), 1U);
  EXPECT_TRUE(config.access_table->decide(Action::kSubscribe, {.role = "editor"}, "desk-1").allowed);
  EXPECT_FALSE(config.access_table->decide(Action::kSubscribe, {.role = "viewer"}, "desk-1").allowed);
  EXPECT_TRUE(config.access_table->is_open(Action::kSubscribe, "agent-metrics"));
  const std::string shown = show(loaded);
  EXPECT_THAT(shown, HasSubstr("roles = [\"viewer\", \"editor\"]  # "));
  EXPECT_THAT(shown, HasSubstr("f.toml"));
  EXPECT_THAT(shown, HasSubstr("{ channel = \"desk-{desk_id}\", subscribe = \"editor, desks={desk_id}\", trigger = "
                               "\"anyone\", client_events = \"\" },"));
}

TEST_F(AccessTest, FaultsNameTheirPlace) {
  EXPECT_THAT(faults_of(inputs("access = 7\n")), ElementsAre("f.toml:1:1: access: expected a table, found an integer"));
  EXPECT_THAT(faults_of(inputs("[access]\nrolls = [\"a\"]\n")),
              ElementsAre("f.toml:2:1: unknown key \"rolls\" in [access], did you mean \"roles\"?"));
  EXPECT_THAT(
      faults_of(inputs("[access]\nroles = \"a\"\nrules = 7\n")),
      ElementsAre(HasSubstr("f.toml:2:1: roles: expected an array"), HasSubstr("f.toml:3:1: rules: expected [[")));
  EXPECT_THAT(faults_of(inputs("[[access.rules]]\nchanel = \"a\"\nsubscribe = 7\n")),
              testing::Contains(HasSubstr("did you mean \"channel\"?")));
  EXPECT_THAT(faults_of(inputs("[[access.rules]]\nchannel = \"a\"\nsubscribe = \"king\"\n")),
              ElementsAre(HasSubstr("king")));
}

}  // namespace
}  // namespace fanfare::config
