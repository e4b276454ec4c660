#include "server/unix_socket.h"

#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/startup_error.h"
#include "support/temp_folder.h"

namespace fanfare::server {
namespace {

using testing::HasSubstr;

bool can_connect(const std::string& path) {
  const net::UniqueFd client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  return ::connect(client.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
}

std::string refusal(const std::string& path) {
  try {
    const UnixSocket socket(path, 0600, 8);
  } catch (const StartupError& error) {
    return error.what();
  }
  return {};
}

class UnixSocketTest : public testing::Test {
 protected:
  test::TempFolder folder_;
  std::string path_ = folder_.file("fanfare.sock");
};

TEST_F(UnixSocketTest, ListensWithTheModeItIsGivenAndGoesWithItsOwner) {
  std::optional<UnixSocket> socket(std::in_place, path_, 0640, 8);
  struct stat facts {};
  ASSERT_EQ(::stat(path_.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0640U);
  EXPECT_TRUE(can_connect(path_));
  socket.reset();
  EXPECT_NE(::stat(path_.c_str(), &facts), 0);
}

TEST_F(UnixSocketTest, TakesThePlaceOfOneThatNobodyListensOn) {
  {
    const net::UniqueFd left(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof(address.sun_path) - 1);
    ASSERT_EQ(::bind(left.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }
  const UnixSocket socket(path_, 0600, 8);
  EXPECT_TRUE(can_connect(path_));
}

TEST_F(UnixSocketTest, LeavesALiveOneAndOtherFilesAlone) {
  const UnixSocket socket(path_, 0600, 8);
  EXPECT_THAT(refusal(path_), HasSubstr("another process listens there"));
  EXPECT_TRUE(can_connect(path_));
  const std::string file = folder_.write("file", "text");
  EXPECT_THAT(refusal(file), HasSubstr("no socket"));
  struct stat facts {};
  EXPECT_EQ(::stat(file.c_str(), &facts), 0);
}

TEST_F(UnixSocketTest, SaysWhatIsWrongWithAPath) {
  EXPECT_THAT(refusal("/nowhere/at/all/fanfare.sock"), HasSubstr("bind: No such file"));
  EXPECT_THAT(refusal("/" + std::string(107, 'x')), HasSubstr("107 bytes"));
}

TEST_F(UnixSocketTest, OneThatTookItsPlaceMeanwhileIsNotTakenAway) {
  std::optional<UnixSocket> first(std::in_place, path_, 0600, 8);
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  const UnixSocket second(path_, 0600, 8);
  first.reset();
  EXPECT_TRUE(can_connect(path_));
}

TEST_F(UnixSocketTest, IsSharedByLoops) {
  const UnixSocket socket(path_, 0600, 8);
  const auto shared = socket.share(3);
  ASSERT_EQ(shared.size(), 3U);
  EXPECT_TRUE(can_connect(path_));
  for (const net::UniqueFd& one : shared) EXPECT_TRUE(static_cast<bool>(one));
}

}  // namespace
}  // namespace fanfare::server
