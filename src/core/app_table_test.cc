#include "core/app_table.h"

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

App app(const std::string& id, const std::vector<std::string>& keys) {
  App made;
  made.id = id;
  std::vector<pusher::AppKey> pairs;
  for (const std::string& key : keys) pairs.emplace_back(key, "secret of " + key, key.front() != 'x');
  made.keys = pusher::AppKeys(std::move(pairs));
  return made;
}

TEST(AppTableTest, AppsAreFoundByIdIndexAndEveryKey) {
  const AppTable table({app("1", {"a", "x-disabled"}), app("2", {"b"})}, AppTable{});
  ASSERT_NE(table.find_by_id("2"), nullptr);
  EXPECT_EQ((*table.find_by_id("2"))->id, "2");
  ASSERT_NE(table.find_by_key("x-disabled"), nullptr);
  EXPECT_EQ((*table.find_by_key("x-disabled"))->id, "1");
  EXPECT_EQ((*table.find_by_key("b"))->id, "2");
  EXPECT_EQ((*table.find_by_index((*table.find_by_id("2"))->index))->id, "2");
  EXPECT_EQ(table.find_by_id("3"), nullptr);
  EXPECT_EQ(table.find_by_key("c"), nullptr);
  EXPECT_EQ(table.find_by_index(AppIndex(9)), nullptr);
}

TEST(AppTableTest, AReloadKeepsIndicesAndUsage) {
  const AppTable first({app("1", {"a"}), app("2", {"b"})}, AppTable{});
  const AppTable second({app("3", {"c"}), app("2", {"b2"})}, first);  // 1 is gone, 2 has a new key
  EXPECT_EQ((*second.find_by_id("2"))->index, (*first.find_by_id("2"))->index);
  EXPECT_EQ((*second.find_by_id("2"))->usage, (*first.find_by_id("2"))->usage);
  EXPECT_EQ(second.find_by_key("b"), nullptr);
  EXPECT_NE((*second.find_by_id("3"))->index, (*first.find_by_id("1"))->index);
  const AppTable third({app("1", {"a"})}, second);  // 1 is back
  EXPECT_EQ((*third.find_by_id("1"))->index, (*first.find_by_id("1"))->index);
  EXPECT_EQ((*third.find_by_id("1"))->usage, (*first.find_by_id("1"))->usage);
}

TEST(AppRegistryTest, ARegistryShowsTheTableItWasGivenLast) {
  AppRegistry registry(std::make_shared<const AppTable>());
  EXPECT_TRUE(registry.table().apps().empty());
  registry.replace(std::make_shared<const AppTable>(std::vector<App>{app("1", {"a"})}, AppTable{}));
  EXPECT_EQ(registry.table().apps().size(), 1U);
}

}  // namespace
}  // namespace fanfare::core
