#include "doctor/server_checks.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "config/config.h"
#include "net/listener.h"
#include "net/send_ring.h"
#include "net/socket_address.h"
#include "support/temp_folder.h"

namespace fanfare::doctor {
namespace {

using testing::HasSubstr;

TEST(ServerChecksTest, AFaultOfTheConfigurationFails) {
  const Check faulty = check_configuration(invalid("f.toml:3:1: unknown key\nf.toml:4:1: another"));
  EXPECT_EQ(faulty.verdict, Verdict::kFail);
  EXPECT_EQ(faulty.found, "f.toml:3:1: unknown key\nf.toml:4:1: another");
  config::Loaded loaded;
  loaded.file = "f.toml";
  loaded.config.apps.resize(2);
  const Check good = check_configuration(std::move(loaded));
  EXPECT_EQ(good.verdict, Verdict::kOk);
  EXPECT_EQ(good.found, "f.toml, 2 app(s)");
  EXPECT_EQ(check_configuration(config::Loaded()).found, "no file, no app: the first start makes one");
}

TEST(ServerChecksTest, APortThatIsTakenFails) {
  const auto any = net::SocketAddress::parse("127.0.0.1", 0);
  ASSERT_TRUE(any.ok());
  auto sockets = net::open_listen_sockets(*any, 1, 1);
  ASSERT_TRUE(sockets.ok());
  const std::uint16_t taken = net::SocketAddress::of_local_end(sockets->front().get()).port();

  config::Config config;
  config.net.port = taken;
  config.metrics.port = 0;
  config.gateway.enabled = true;
  config.gateway.host = "192.0.2.1";  // no machine's: RFC 5737
  const std::vector<PortFound> ports = find_ports(config);
  ASSERT_EQ(ports.size(), 3U);
  EXPECT_EQ(ports[0].setting, "server.port");
  EXPECT_EQ(ports[0].address, "127.0.0.1:" + std::to_string(taken));
  EXPECT_THAT(ports[0].refusal, HasSubstr("the port is taken by process " + std::to_string(::getpid())));
  EXPECT_EQ(check_port(ports[0]).verdict, Verdict::kFail);
  EXPECT_EQ(check_port(ports[0]).found, ports[0].refusal);
  EXPECT_EQ(ports[1].refusal, "");
  EXPECT_EQ(check_port(ports[1]).verdict, Verdict::kOk);
  EXPECT_THAT(ports[2].refusal, HasSubstr("this machine has no such address"));
  config.metrics.enabled = false;
  config.gateway.enabled = false;
  EXPECT_EQ(find_ports(config).size(), 1U);
}

TEST(ServerChecksTest, IoUringIsMissedOnlyWhereItIsAskedFor) {
  using net::IoEngine;
  EXPECT_EQ(check_io_engine(IoEngine::kAuto, "").found, "io_uring");
  EXPECT_EQ(check_io_engine(IoEngine::kEpoll, "").found, "epoll");
  const Check automatic = check_io_engine(IoEngine::kAuto, "Operation not permitted");
  EXPECT_EQ(automatic.verdict, Verdict::kOk);
  EXPECT_EQ(automatic.found, "epoll: the kernel refuses io_uring: Operation not permitted");
  EXPECT_EQ(check_io_engine(IoEngine::kEpoll, "Operation not permitted").verdict, Verdict::kOk);
  const Check asked = check_io_engine(IoEngine::kIoUring, "Operation not permitted");
  EXPECT_EQ(asked.verdict, Verdict::kWarn);
  ASSERT_FALSE(asked.remedies.empty());
  EXPECT_EQ(asked.remedies.front().line, "sysctl -w kernel.io_uring_disabled=\"0\"");
}

TEST(ServerChecksTest, WhetherIoUringIsThereIsTried) {
  EXPECT_EQ(find_io_uring_refusal().empty(), net::SendRing::open().ok());
}

TEST(ServerChecksTest, ANameThatIsNoAddressFails) {
  config::Config config;
  config.net.host = "no such name";
  EXPECT_EQ(check_port(find_ports(config).front()).verdict, Verdict::kFail);
}

FolderFound good_folder() {
  return {.path = "/d",
          .existing = "/d",
          .is_there = true,
          .is_folder = true,
          .is_writable = true,
          .mode = 0700,
          .owner = 7,
          .user = 7};
}

TEST(ServerChecksTest, TheDataFolderIsOfThisUserAlone) {
  EXPECT_EQ(check_data_folder(good_folder(), true).verdict, Verdict::kOk);
  for (const std::uint32_t mode : {0701U, 0710U, 0704U, 0770U, 0777U}) {
    FolderFound open = good_folder();
    open.mode = mode;
    EXPECT_EQ(check_data_folder(open, true).verdict, Verdict::kWarn) << mode;
  }
  FolderFound others = good_folder();
  others.owner = 8;
  const Check check = check_data_folder(others, true);
  EXPECT_EQ(check.verdict, Verdict::kWarn);
  EXPECT_EQ(check.remedies[0].line, "chown 7 /d");
  EXPECT_EQ(check.remedies[1].line, "chmod 0700 /d");
}

TEST(ServerChecksTest, ADataFolderThatCannotBeWrittenFailsWhereItIsNeeded) {
  FolderFound folder = good_folder();
  folder.is_writable = false;
  EXPECT_EQ(check_data_folder(folder, true).verdict, Verdict::kFail);
  EXPECT_EQ(check_data_folder(folder, false).verdict, Verdict::kWarn);
  EXPECT_EQ(check_data_folder(folder, true).remedies[0].line, "install -d -m 0700 -o 7 /d");
  folder = good_folder();
  folder.is_folder = false;
  EXPECT_EQ(check_data_folder(folder, true).verdict, Verdict::kFail);
  EXPECT_EQ(check_data_folder(folder, false).verdict, Verdict::kWarn);
}

TEST(ServerChecksTest, FindsWhatIsThereOfAFolder) {
  const test::TempFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0750));
  const FolderFound there = find_folder(folder.path());
  EXPECT_TRUE(there.is_there && there.is_folder && there.is_writable);
  EXPECT_EQ(there.mode, 0750U);
  EXPECT_EQ(there.owner, ::geteuid());
  EXPECT_EQ(there.user, ::geteuid());

  const FolderFound missing = find_folder(folder.path() + "/one/two");
  EXPECT_FALSE(missing.is_there);
  EXPECT_EQ(missing.existing, folder.path());
  EXPECT_TRUE(missing.is_writable);
  const Check check = check_data_folder(missing, true);
  EXPECT_EQ(check.verdict, Verdict::kOk);
  EXPECT_THAT(check.found, HasSubstr("will be made in " + folder.path()));

  const FolderFound file = find_folder(folder.write("file", ""));
  EXPECT_TRUE(file.is_there);
  EXPECT_FALSE(file.is_folder);
  EXPECT_EQ(find_folder("/no/such/folder").existing, "/");
}

TEST(ServerChecksTest, BelowAFileNothingCanBeMade) {
  const test::TempFolder folder;
  const FolderFound below = find_folder(folder.write("file", "") + "/data");
  EXPECT_FALSE(below.is_writable);
  EXPECT_EQ(check_data_folder(below, true).verdict, Verdict::kFail);
}

}  // namespace
}  // namespace fanfare::doctor
