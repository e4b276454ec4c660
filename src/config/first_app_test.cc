#include "config/first_app.h"

#include <thread>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/config_test_support.h"

namespace fanfare::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

class FirstAppTest : public LoadTest {
 protected:
  Inputs first_start(FirstAppRule rule = FirstAppRule::kLoadOrMake) const {
    return {.environment = {{"FANFARE_DATA_DIR", data_dir()}}, .first_app = rule};
  }
  std::string data_dir() const { return folder_.file("deep/data"); }
  std::string app_file() const { return first_app_path(data_dir()); }

  static unsigned mode_of(const std::string& path) {
    struct stat status {};
    EXPECT_EQ(::lstat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
  }
};

TEST_F(FirstAppTest, TheFirstStartMakesARandomApp) {
  const Loaded loaded = must_load(first_start());
  ASSERT_TRUE(loaded.first_app.has_value());
  EXPECT_TRUE(loaded.first_app->is_new);
  EXPECT_EQ(loaded.first_app->path, app_file());
  ASSERT_EQ(loaded.credentials.size(), 1U);
  EXPECT_THAT(loaded.credentials[0].app_id, MatchesRegex("[0-9]{7}"));
  EXPECT_THAT(loaded.credentials[0].key, MatchesRegex("[0-9a-f]{20}"));
  EXPECT_THAT(loaded.credentials[0].secret, MatchesRegex("[0-9a-f]{20}"));
  EXPECT_NE(loaded.credentials[0].key, loaded.credentials[0].secret);
  EXPECT_EQ(loaded.config.apps.at(0).id, loaded.credentials[0].app_id);
}

TEST_F(FirstAppTest, OnlyItsOwnerCanReadIt) {
  must_load(first_start());
  EXPECT_EQ(mode_of(app_file()), 0600U);
  EXPECT_EQ(mode_of(data_dir()), 0700U);
}

TEST_F(FirstAppTest, NothingElseIsLeftInTheFolder) {
  must_load(first_start());
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data_dir())) {
    EXPECT_EQ(entry.path().filename(), "app.toml");
    ++files;
  }
  EXPECT_EQ(files, 1U);
}

TEST_F(FirstAppTest, LaterStartsFindIt) {
  const Loaded first = must_load(first_start());
  const Loaded second = must_load(first_start());
  EXPECT_FALSE(second.first_app.value().is_new);
  EXPECT_EQ(first.credentials.at(0).secret, second.credentials.at(0).secret);
}

TEST_F(FirstAppTest, TwoFirstStartsDiffer) {
  const TempFolder other;
  const Loaded first = must_load(first_start());
  const Loaded second =
      must_load({.environment = {{"FANFARE_DATA_DIR", other.path()}}, .first_app = FirstAppRule::kLoadOrMake});
  EXPECT_NE(first.credentials.at(0).key, second.credentials.at(0).key);
}

TEST_F(FirstAppTest, StartsAtTheSameTimeAgree) {
  std::vector<std::string> texts(8);
  std::vector<std::thread> threads;
  for (std::string& text : texts) {
    threads.emplace_back([&] {
      Result<std::string> made = make_first_app(data_dir());
      text = made.ok() ? *made : made.error().message;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(texts, testing::Each(texts[0]));
  EXPECT_EQ(text_of(app_file()), texts[0]);
}

TEST_F(FirstAppTest, CheckingLooksForItButMakesNone) {
  EXPECT_TRUE(must_load(first_start(FirstAppRule::kLoad)).config.apps.empty());
  EXPECT_FALSE(std::filesystem::exists(data_dir()));
  must_load(first_start());
  EXPECT_EQ(must_load(first_start(FirstAppRule::kLoad)).config.apps.size(), 1U);
  EXPECT_TRUE(must_load(first_start(FirstAppRule::kIgnore)).config.apps.empty());
}

TEST_F(FirstAppTest, IsNotMadeWhenAnAppIsConfigured) {
  Inputs configured = first_start();
  configured.file = folder_.write("f.toml", "[[apps]]\nid = 'a'\nkeys = [{ key = 'k', secret = 's' }]\n");
  const Loaded loaded = must_load(configured);
  EXPECT_FALSE(loaded.first_app.has_value());
  EXPECT_FALSE(std::filesystem::exists(data_dir()));
}

TEST_F(FirstAppTest, IsNotMadeWhenAnythingElseIsWrong) {
  Inputs wrong = first_start();
  wrong.flags = {{"port", "x"}};
  EXPECT_EQ(faults_of(wrong).size(), 1U);
  EXPECT_FALSE(std::filesystem::exists(data_dir()));
}

TEST_F(FirstAppTest, IsRefusedWhenOthersCanReadIt) {
  must_load(first_start());
  for (const mode_t mode : {0640U, 0604U, 0620U}) {
    ASSERT_EQ(::chmod(app_file().c_str(), mode), 0);
    EXPECT_THAT(faults_of(first_start()), ElementsAre(HasSubstr("open to others: expected mode 0600, found 06")));
  }
  ASSERT_EQ(::chmod(app_file().c_str(), 0400), 0);
  EXPECT_TRUE(faults_of(first_start()).empty());
}

TEST_F(FirstAppTest, IsRefusedWhenItBelongsToAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  must_load(first_start());
  ASSERT_EQ(::chown(app_file().c_str(), 65'534, 65'534), 0);
  EXPECT_THAT(faults_of(first_start()), ElementsAre(HasSubstr("it belongs to user 65534")));
}

TEST_F(FirstAppTest, IsRefusedWhenItIsNoPlainFile) {
  std::filesystem::create_directories(data_dir());
  const std::string elsewhere = folder_.write("elsewhere.toml", "");
  ASSERT_EQ(::chmod(elsewhere.c_str(), 0600), 0);
  std::filesystem::create_symlink(elsewhere, app_file());
  EXPECT_THAT(faults_of(first_start()), ElementsAre(HasSubstr("must not be a symbolic link")));
  std::filesystem::remove(app_file());
  ASSERT_EQ(::mkfifo(app_file().c_str(), 0600), 0);
  EXPECT_THAT(faults_of(first_start()), ElementsAre(HasSubstr("expected a plain file")));
}

TEST_F(FirstAppTest, AFolderThatCannotBeMadeIsAFault) {
  const std::string file = folder_.write("file", "");
  const Inputs inside_a_file{.environment = {{"FANFARE_DATA_DIR", file + "/data"}},
                             .first_app = FirstAppRule::kLoadOrMake};
  EXPECT_THAT(faults_of(inside_a_file), ElementsAre(HasSubstr("Not a directory")));
}

TEST_F(FirstAppTest, MayBeEditedButHoldsOnlyApps) {
  must_load(first_start());
  std::ofstream(app_file(), std::ios::app) << "client_events = true\n";
  EXPECT_TRUE(must_load(first_start()).config.apps.at(0).switches.client_events);
  std::ofstream(app_file(), std::ios::app) << "[server]\nport = 1\n";
  EXPECT_THAT(faults_of(first_start()), ElementsAre(HasSubstr("app.toml:7:2: only [[apps]] may stand in this file")));
}

TEST(DataDirTest, FollowsTheUserAndTheDesktop) {
  EXPECT_EQ(default_data_dir(true, "/x", "/root"), "/var/lib/fanfare");
  EXPECT_EQ(default_data_dir(false, "/x", "/home/a"), "/x/fanfare");
  EXPECT_EQ(default_data_dir(false, "", "/home/a"), "/home/a/.local/share/fanfare");
  EXPECT_EQ(default_data_dir(false, "relative", "/home/a"), "/home/a/.local/share/fanfare");
  EXPECT_EQ(default_data_dir(false, "", ""), "/var/lib/fanfare");
}

}  // namespace
}  // namespace fanfare::config
