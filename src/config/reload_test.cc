#include "config/reload.h"

#include <gmock/gmock.h>

#include "config/config_test_support.h"

namespace fanfare::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kApp = "[[apps]]\nid = 'a'\nkeys = [{ key = 'k', secret = 's' }]\n";

class ReloadTest : public LoadTest {
 protected:
  Reload must_reload(const Inputs& from, const Loaded& running) {
    Result<Reload> reloaded = reload(from, running);
    if (!reloaded.ok()) {
      ADD_FAILURE() << reloaded.error().message;
      return {};
    }
    return *std::move(reloaded);
  }
  Inputs with_app(std::string_view app_lines, std::string_view before = "") {
    return inputs(std::string(before) + std::string(kApp) + std::string(app_lines));
  }
};

TEST_F(ReloadTest, TheSameFileChangesNothing) {
  const Loaded running = must_load(with_app(""));
  const Reload same = must_reload(with_app(""), running);
  EXPECT_THAT(same.changed, IsEmpty());
  EXPECT_THAT(same.needs_restart, IsEmpty());
}

TEST_F(ReloadTest, AppsLimitsOriginsAndTheLogLevelChangeAtOnce) {
  const Loaded running = must_load(with_app(""));
  const Reload next = must_reload(
      with_app("allowed_origins = ['*.x.com']\nlimits.connections = 3\n", "[log]\nlevel = 'debug'\n"), running);
  EXPECT_THAT(next.changed, ElementsAre("log.level: \"info\" → \"debug\"", "apps[a]: changed"));
  EXPECT_THAT(next.needs_restart, IsEmpty());
  EXPECT_EQ(next.next.config.log.level, LogLevel::kDebug);
  EXPECT_EQ(next.next.config.apps.at(0).limits.connections, 3U);
  EXPECT_THAT(next.next.config.apps.at(0).allowed_origins, ElementsAre("*.x.com"));
}

TEST_F(ReloadTest, AppsComeAndGo) {
  const Loaded running = must_load(with_app(""));
  const Reload next = must_reload(inputs("[[apps]]\nid = 'b'\nkeys = [{ key = 'k', secret = 's' }]\n"), running);
  EXPECT_THAT(next.changed, ElementsAre("apps[b]: added", "apps[a]: removed"));
}

TEST_F(ReloadTest, ANewSecretIsAChangeThatNamesNoSecret) {
  const Loaded running = must_load(with_app(""));
  const Reload next = must_reload(inputs("[[apps]]\nid = 'a'\nkeys = [{ key = 'k', secret = 'hunter2' }]\n"), running);
  EXPECT_THAT(next.changed, ElementsAre("apps[a]: changed"));
}

TEST_F(ReloadTest, TheRestKeepsRunningAsItIsAndIsNamed) {
  const Loaded running = must_load(with_app(""));
  const Reload next = must_reload(with_app("", "[server]\nport = 7000\nloops = 3\n[log]\nformat = 'json'\n"), running);
  EXPECT_THAT(next.needs_restart,
              ElementsAre("server.port: 6001 runs, 7000 is configured", "server.loops: 0 runs, 3 is configured",
                          "log.format: \"text\" runs, \"json\" is configured"));
  EXPECT_EQ(next.next.config.net.port, 6001);
  EXPECT_EQ(next.next.config.log.format, LogFormat::kText);
  // And the next reload still says so.
  EXPECT_EQ(must_reload(with_app("", "[server]\nport = 7000\n"), next.next).needs_restart.size(), 1U);
}

TEST_F(ReloadTest, ABadFileChangesNothingAndSaysWhy) {
  const Loaded running = must_load(with_app(""));
  const Result<Reload> bad = reload(inputs("[server]\nprot = 1\n[log]\nlevel = 'loud'\n"), running);
  ASSERT_FALSE(bad.ok());
  EXPECT_THAT(bad.error().message,
              testing::AllOf(HasSubstr("f.toml:2:1: unknown key"), HasSubstr("f.toml:4:1: level")));
}

TEST_F(ReloadTest, TheFirstAppStays) {
  const Inputs first_start{.environment = {{"FANFARE_DATA_DIR", folder_.path()}},
                           .first_app = FirstAppRule::kLoadOrMake};
  const Loaded running = must_load(first_start);
  EXPECT_THAT(must_reload(first_start, running).changed, IsEmpty());
}

}  // namespace
}  // namespace fanfare::config
