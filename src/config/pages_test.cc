// What is made from the table for people: config show, config describe, the flags.
#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "config/config_test_support.h"
#include "config/describe.h"
#include "config/flags.h"
#include "config/settings.h"
#include "config/show.h"

namespace fanfare::config {
namespace {

using testing::HasSubstr;
using testing::Not;

class ShowTest : public LoadTest {};

TEST_F(ShowTest, SaysWhereEachValueCameFrom) {
  const std::string text = without_folder(
      show(must_load(inputs("[server]\nloops = 2\n", {{"FANFARE_LOG_LEVEL", "debug"}}, {{"port", "7000"}}))));
  EXPECT_THAT(text, HasSubstr("# File: f.toml\n\n[server]\nhost = \"127.0.0.1\"  # default\nport = 7000  # --port\n"
                              "loops = 2  # f.toml:2:1\n"));
  EXPECT_THAT(text, HasSubstr("level = \"debug\"  # FANFARE_LOG_LEVEL\n"));
}

TEST_F(ShowTest, SecretsAreRedacted) {
  const std::string text = show(must_load(inputs(
      "[[apps]]\nid = 'a'\nkeys = [{ key = 'k1', secret = 'hunter2' }, { key = 'k2', secret = 'hunter3', enabled = "
      "false }]\n")));
  EXPECT_THAT(text, Not(HasSubstr("hunter")));
  EXPECT_THAT(text, HasSubstr("keys = [{ key = \"k1\", secret = \"(redacted)\" }, "
                              "{ key = \"k2\", secret = \"(redacted)\", enabled = false }]"));
}

TEST_F(ShowTest, IsItselfAConfigurationWithTheSameValues) {
  const Loaded first =
      must_load(inputs("[server]\nactivity_timeout_seconds = 7\n[[apps]]\nid = 'a'\nwatchlist = true\n"
                       "slow_consumer = 'drop_oldest'\nallowed_origins = ['*.x.com']\n"
                       "keys = [{ key = 'k', secret = 's' }]\nlimits.connections = 9\n"));
  const Loaded second = must_load(inputs(show(first)));
  for (const Setting<Config>& setting : config_settings()) {
    EXPECT_EQ(setting.read(first.config), setting.read(second.config)) << path_of(setting.info);
  }
  for (const Setting<core::App>& setting : app_settings()) {
    EXPECT_EQ(setting.read(first.config.apps.at(0)), setting.read(second.config.apps.at(0))) << path_of(setting.info);
  }
}

TEST(DescribeTest, TheReferencePageIsUpToDate) {
  EXPECT_TRUE(text_of(FANFARE_SOURCE_DIR "/docs/configuration.md") == describe())
      << "run: fanfare config describe > docs/configuration.md";
}

TEST(DescribeTest, HasALineForEverySetting) {
  const std::string page = describe();
  for (const Setting<Config>& setting : config_settings()) {
    EXPECT_THAT(page, HasSubstr("| `" + std::string(setting.info.key) + "` |"));
    EXPECT_THAT(page, HasSubstr("`" + variable_of(setting.info) + "`"));
    EXPECT_THAT(page, HasSubstr("`--" + flag_of(setting.info) + "`"));
  }
  for (const Setting<core::App>& setting : app_settings()) {
    EXPECT_THAT(page, HasSubstr("| `" + std::string(setting.info.key) + "` |"));
  }
}

class ExampleTest : public LoadTest {};

TEST_F(ExampleTest, TheExampleOfThePageLoads) {
  const std::string page = describe();
  const std::size_t begin = page.find("```toml\n") + 8;
  const Loaded loaded = must_load(inputs(page.substr(begin, page.find("```", begin) - begin)));
  EXPECT_EQ(loaded.config.net.host, "0.0.0.0");
  EXPECT_EQ(loaded.config.apps.at(0).limits.connections, 5000U);
}

TEST(FlagsTest, EverySettingButThoseOfAppsHasOne) {
  const std::vector<Flag> all = flags();
  ASSERT_EQ(all.size(), config_settings().size());
  const auto port = std::ranges::find(all, "port", &Flag::name);
  ASSERT_NE(port, all.end());
  EXPECT_EQ(port->kind, FlagKind::kValue);
  EXPECT_EQ(port->help,
            "TCP port of WebSocket clients and the HTTP API. From 0 to 65535; 0: the kernel picks a free one. [6001]");
  const auto level = std::ranges::find(all, "log-level", &Flag::name);
  ASSERT_NE(level, all.end());
  EXPECT_EQ(level->value_name, "debug|info|warn|error|off");
  const auto pin = std::ranges::find(all, "pin-loops", &Flag::name);
  ASSERT_NE(pin, all.end());
  EXPECT_EQ(pin->kind, FlagKind::kSwitch);
}

}  // namespace
}  // namespace fanfare::config
