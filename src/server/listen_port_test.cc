#include "server/listen_port.h"

#include <gtest/gtest.h>

#include "base/startup_error.h"

namespace fanfare::server {
namespace {

TEST(ListenPortTest, OpensOneSocketForEachLoopOnOnePort) {
  const OpenedPort opened = open_port("127.0.0.1", 0, 3, 8);
  EXPECT_EQ(opened.sockets.size(), 3U);
  EXPECT_NE(opened.address.port(), 0);
  for (const net::UniqueFd& socket : opened.sockets) {
    EXPECT_EQ(net::SocketAddress::of_local_end(socket.get()).port(), opened.address.port());
  }
}

// With SO_REUSEPORT alone a second server would quietly take half of the first one's connections.
TEST(ListenPortTest, ATakenPortIsRefusedByName) {
  const OpenedPort first = open_port("127.0.0.1", 0, 2, 8);
  const std::string port = std::to_string(first.address.port());
  try {
    (void)open_port("127.0.0.1", first.address.port(), 2, 8);
    FAIL() << "the port was opened twice";
  } catch (const StartupError& error) {
    EXPECT_NE(std::string(error.what()).find(port), std::string::npos) << error.what();
  }
}

TEST(ListenPortTest, AnAddressThatIsNoneIsNamed) {
  try {
    (void)open_port("not an address", 0, 1, 8);
    FAIL() << "it was opened";
  } catch (const StartupError& error) {
    EXPECT_NE(std::string(error.what()).find("not an address"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace fanfare::server
