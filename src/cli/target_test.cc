#include "cli/target.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace fanfare::cli {
namespace {

using config::NamedText;
using testing::HasSubstr;
using testing::Not;

// A folder with a configuration of two apps; its data folder is empty.
class TargetTest : public testing::Test {
 protected:
  TargetTest() {
    std::string name = testing::TempDir() + "/fanfare-target-XXXXXX";
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
    file_ = folder_ + "/fanfare.toml";
    std::ofstream(file_) << "[server]\nhost = \"0.0.0.0\"\nport = 7001\n"
                            "[[apps]]\nid = \"1\"\nkeys = [{ key = \"k1\", secret = \"s1\" }]\n"
                            "[[apps]]\nid = \"2\"\nkeys = [{ key = \"k2\", secret = \"s2\" }]\n";
  }
  ~TargetTest() override { std::filesystem::remove_all(folder_); }
  TargetTest(const TargetTest&) = delete;
  TargetTest& operator=(const TargetTest&) = delete;

  Result<Target> find(const TargetFlags& flags, std::vector<NamedText> environment = {}) {
    environment.emplace_back("FANFARE_DATA_DIR", folder_ + "/data");
    return find_target(flags, environment);
  }
  Target must_find(const TargetFlags& flags, std::vector<NamedText> environment = {}) {
    Result<Target> target = find(flags, std::move(environment));
    EXPECT_TRUE(target.ok()) << target.error().message;
    return target.ok() ? *std::move(target) : Target{};
  }

  std::string folder_;
  std::string file_;
};

TEST_F(TargetTest, TakesFlagsBeforeTheEnvironment) {
  const std::vector<NamedText> environment = {{"PUSHER_HOST", "eh"},
                                              {"PUSHER_PORT", "99"},
                                              {"PUSHER_APP_ID", "ei"},
                                              {"PUSHER_KEY", "ek"},
                                              {"PUSHER_SECRET", "es"}};
  const Target of_environment = must_find({}, environment);
  EXPECT_EQ(of_environment.address(), "eh:99");
  EXPECT_EQ(of_environment.app_id, "ei");
  EXPECT_EQ(of_environment.key, "ek");
  EXPECT_EQ(of_environment.secret, "es");
  const Target of_flags =
      must_find({.host = "fh", .port = 98, .app_id = "fi", .key = "fk", .secret = "fs", .file = {}}, environment);
  EXPECT_EQ(of_flags.address(), "fh:98");
  EXPECT_EQ(of_flags.app_id, "fi");
  EXPECT_EQ(of_flags.key, "fk");
  EXPECT_EQ(of_flags.secret, "fs");
}

TEST_F(TargetTest, AGivenKeyDoesNotGoWithAnotherKeysSecret) {
  const std::vector<NamedText> environment = {{"PUSHER_APP_ID", "ei"}, {"PUSHER_KEY", "ek"}, {"PUSHER_SECRET", "es"}};
  const Target target = must_find({.key = "fk"}, environment);
  EXPECT_EQ(target.key, "fk");
  EXPECT_EQ(target.secret, "");
  EXPECT_THAT(check_can_sign(target).error().message, HasSubstr("--app-id"));
}

TEST_F(TargetTest, TakesTheFirstAppOfTheConfigurationOrTheOneThatWasNamed) {
  const Target first = must_find({.file = file_});
  EXPECT_EQ(first.address(), "127.0.0.1:7001");  // 0.0.0.0 is nowhere to connect to
  EXPECT_EQ(first.app_id, "1");
  EXPECT_EQ(first.secret, "s1");
  EXPECT_TRUE(check_can_sign(first).ok());
  for (const TargetFlags& flags :
       {TargetFlags{.app_id = "2", .file = file_}, TargetFlags{.key = "k2", .file = file_}}) {
    const Target second = must_find(flags);
    EXPECT_EQ(second.app_id, "2");
    EXPECT_EQ(second.key, "k2");
    EXPECT_EQ(second.secret, "s2");
  }
}

TEST_F(TargetTest, TheFileMayBeNamedByTheEnvironment) {
  EXPECT_EQ(must_find({}, {{"FANFARE_CONFIG", file_}}).key, "k1");
}

TEST_F(TargetTest, TakesTheAppThatTheServerMadeHere) {
  const std::string data = folder_ + "/data";
  std::filesystem::create_directory(data);
  std::filesystem::permissions(data, std::filesystem::perms::owner_all);
  std::ofstream(data + "/app.toml") << "[[apps]]\nid = \"7\"\nkeys = [{ key = \"k7\", secret = \"s7\" }]\n";
  std::filesystem::permissions(data + "/app.toml",
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const Target target = must_find({});
  EXPECT_EQ(target.address(), "127.0.0.1:6001");
  EXPECT_EQ(target.app_id, "7");
  EXPECT_EQ(target.secret, "s7");
}

TEST_F(TargetTest, SaysWhatToDoWhenNoAppIsKnown) {
  EXPECT_THAT(find({}).error().message, HasSubstr("PUSHER_APP_ID"));
  EXPECT_THAT(find({.secret = "s"}).error().message, HasSubstr("no app is known"));
}

TEST_F(TargetTest, AKeyAloneIsEnoughForPublicChannels) {
  const Target target = must_find({.key = "k"});
  EXPECT_EQ(target.key, "k");
  const Status able = check_can_sign({.host = "h", .port = 1, .app_id = "7", .key = "k", .secret = {}});
  EXPECT_THAT(able.error().message, HasSubstr("PUSHER_SECRET"));
}

TEST_F(TargetTest, RefusesBadPorts) {
  for (const char* port : {"0", "65536", "x", "80x", "-1"}) {
    EXPECT_THAT(find({}, {{"PUSHER_PORT", port}}).error().message, HasSubstr("PUSHER_PORT")) << port;
  }
}

TEST_F(TargetTest, SaysWhatIsWrongWithTheFileAndNoSecret) {
  std::ofstream(file_, std::ios::app) << "unknown_key = \"s3cret\"\n";
  const Result<Target> target = find({.file = file_});
  ASSERT_FALSE(target.ok());
  EXPECT_THAT(target.error().message, HasSubstr("unknown_key"));
  EXPECT_THAT(target.error().message, Not(HasSubstr("s3cret")));
}

TEST(TargetTextTest, WritesAddressesAsUrlsHaveThem) {
  EXPECT_EQ((Target{.host = "::1", .port = 6001, .app_id = {}, .key = {}, .secret = {}}.address()), "[::1]:6001");
  EXPECT_EQ((Target{.host = "[::1]", .port = 6001, .app_id = {}, .key = {}, .secret = {}}.address()), "[::1]:6001");
  EXPECT_EQ((Target{.host = "localhost", .port = 80, .app_id = {}, .key = {}, .secret = {}}.address()), "localhost:80");
}

TEST(TargetTextTest, SaysWhatToDoWhenNothingListens) {
  EXPECT_THAT(with_hint({ErrorKind::kUnavailable, "nothing listens on 127.0.0.1:6001"}), HasSubstr("fanfare serve"));
  EXPECT_EQ(with_hint({ErrorKind::kUnavailable, "no answer"}), "no answer");
}

}  // namespace
}  // namespace fanfare::cli
