#include "access/grant.h"

#include <gtest/gtest.h>

namespace fanfare::access {
namespace {

class GrantTest : public testing::Test {
 protected:
  GrantTest()
      : roles_(*RoleSet::build(std::vector<std::string>{"student", "teacher", "admin"},
                               std::vector<std::string>{"service"})),
        pattern_(*ChannelPattern::parse("private-class-{class_id}")) {}

  Grant grant(std::string_view text) {
    auto parsed = Grant::parse(text, pattern_, roles_);
    EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed.ok() ? "" : parsed.error().message);
    return *std::move(parsed);
  }
  bool admits(std::string_view text, const Subject& subject, std::string_view name = "private-class-7b") {
    return grant(text).admits(subject, pattern_.match(name).value(), roles_);
  }

  RoleSet roles_;
  ChannelPattern pattern_;
};

TEST_F(GrantTest, ARoleAdmitsItselfAndThoseAboveIt) {
  EXPECT_FALSE(admits("teacher", {.role = "student"}));
  EXPECT_TRUE(admits("teacher", {.role = "teacher"}));
  EXPECT_TRUE(admits("teacher", {.role = "admin"}));
  EXPECT_FALSE(admits("teacher", {.role = "service"}));
  EXPECT_TRUE(admits("service", {.role = "service"}));
  EXPECT_FALSE(admits("service", {.role = "admin"}));
}

TEST_F(GrantTest, ARoleThatIsNotKnownIsNone) {
  for (const std::string_view role : {"", "Admin", "admin ", "root", "teacher,admin", "adm\0in", "anyone"}) {
    EXPECT_FALSE(admits("student, teacher, admin, service", {.role = std::string(role)})) << role;
  }
}

TEST_F(GrantTest, AClaimAdmitsWhoHoldsTheValueInTheName) {
  const Subject in_class{.user_id = "5", .claims = {{.name = "classes", .values = {"7a", "7b"}}}};
  EXPECT_TRUE(admits("classes={class_id}", in_class));
  EXPECT_FALSE(admits("classes={class_id}", in_class, "private-class-7"));
  EXPECT_FALSE(admits("classes={class_id}", in_class, "private-class-7b-x"));
  EXPECT_FALSE(admits("rooms={class_id}", in_class));
  EXPECT_TRUE(admits("user_id={class_id}", in_class, "private-class-5"));
  EXPECT_FALSE(admits("user_id={class_id}", {}));
  EXPECT_FALSE(admits("classes={class_id}", {.claims = {{.name = "classes", .values = {"", "*", "{class_id}"}}}}));
}

TEST_F(GrantTest, AClaimOfThatNameCannotStandInForTheUsersId) {
  EXPECT_FALSE(admits("user_id={class_id}", {.user_id = "5", .claims = {{.name = "user_id", .values = {"7b"}}}}));
}

TEST_F(GrantTest, NobodyAndAnyone) {
  EXPECT_FALSE(admits("", {.role = "admin"}));
  EXPECT_FALSE(admits("nobody", {.role = "admin"}));
  EXPECT_TRUE(admits("anyone", {}));
  EXPECT_TRUE(grant(" ").is_nobody());
}

TEST_F(GrantTest, RefusesWhatItCannotMean) {
  for (const std::string_view text : {"root", "teacher,", "nobody, teacher", "classes={room}", "classes=7b",
                                      "={class_id}", "classes={}", "classes={class_id", "Teacher", "teacher admin"}) {
    EXPECT_FALSE(Grant::parse(text, pattern_, roles_).ok()) << text;
  }
}

TEST_F(GrantTest, SaysWhatIsNeeded) {
  EXPECT_EQ(grant("teacher").needs(), "role teacher");
  EXPECT_EQ(grant("classes={class_id}, teacher").needs(), "role teacher or the channel's {class_id} in classes");
  EXPECT_EQ(grant("").needs(), "");
}

TEST_F(GrantTest, ComparesWhomTwoGrantsAdmit) {
  EXPECT_TRUE(grant("student").admits_all_of(grant("teacher"), roles_));
  EXPECT_FALSE(grant("teacher").admits_all_of(grant("student"), roles_));
  EXPECT_TRUE(grant("anyone").admits_all_of(grant("anyone"), roles_));
  EXPECT_FALSE(grant("student").admits_all_of(grant("anyone"), roles_));
  EXPECT_FALSE(grant("teacher").admits_all_of(grant("classes={class_id}, teacher"), roles_));
  EXPECT_TRUE(grant("teacher, classes={class_id}").admits_all_of(grant("classes={class_id}, admin"), roles_));
}

}  // namespace
}  // namespace fanfare::access
