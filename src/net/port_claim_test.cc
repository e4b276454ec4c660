#include "net/port_claim.h"

#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/startup_error.h"
#include "net/listener.h"

namespace fanfare::net {
namespace {

std::string refusal(const SocketAddress& address) {
  try {
    claim_port(address);
  } catch (const StartupError& error) {
    return error.what();
  }
  return "";
}

TEST(PortClaimTest, AFreePortIsNotRefused) {
  EXPECT_EQ(refusal(*SocketAddress::parse("127.0.0.1", 0)), "");
  EXPECT_EQ(refusal(*SocketAddress::parse("0.0.0.0", 0)), "");
}

TEST(PortClaimTest, ASecondServerIsToldAddressProcessAndRemedy) {
  // Opened the way that our own server does, with SO_REUSEPORT.
  const auto sockets = open_listen_sockets(*SocketAddress::parse("127.0.0.1", 0), 2, 8);
  ASSERT_TRUE(sockets.ok());
  const SocketAddress address = SocketAddress::of_local_end((*sockets)[0].get());
  const std::string text = refusal(address);
  EXPECT_NE(text.find(address.to_string()), std::string::npos) << text;
  EXPECT_NE(text.find("process " + std::to_string(::getpid()) + " "), std::string::npos) << text;
  EXPECT_NE(text.find("choose another port"), std::string::npos) << text;
}

TEST(PortClaimTest, AllAddressesCollideWithOneOfThem) {
  const auto sockets = open_listen_sockets(*SocketAddress::parse("127.0.0.1", 0), 1, 8);
  ASSERT_TRUE(sockets.ok());
  const std::uint16_t port = SocketAddress::of_local_end((*sockets)[0].get()).port();
  const std::string process = "process " + std::to_string(::getpid()) + " ";
  EXPECT_NE(refusal(*SocketAddress::parse("0.0.0.0", port)).find(process), std::string::npos);
}

TEST(PortClaimTest, AServerOnIpv6IsFoundToo) {
  const auto sockets = open_listen_sockets(*SocketAddress::parse("::", 0), 1, 8);
  if (!sockets.ok()) GTEST_SKIP() << "no IPv6 here: " << sockets.error().message;
  const std::uint16_t port = SocketAddress::of_local_end((*sockets)[0].get()).port();
  const std::string process = "process " + std::to_string(::getpid()) + " ";
  EXPECT_NE(refusal(*SocketAddress::parse("::", port)).find(process), std::string::npos);
  EXPECT_NE(refusal(*SocketAddress::parse("127.0.0.1", port)).find(process), std::string::npos);
}

TEST(PortClaimTest, ThePortIsFreeAgainWhenTheServerIsGone) {
  SocketAddress address;
  {
    const auto sockets = open_listen_sockets(*SocketAddress::parse("127.0.0.1", 0), 1, 8);
    ASSERT_TRUE(sockets.ok());
    address = SocketAddress::of_local_end((*sockets)[0].get());
  }
  EXPECT_EQ(refusal(address), "");
}

TEST(PortClaimTest, AnAddressOfAnotherMachineIsSaid) {
  EXPECT_NE(refusal(*SocketAddress::parse("192.0.2.1", 6001)).find("no such address"), std::string::npos);
}

}  // namespace
}  // namespace fanfare::net
