#include "net/trusted_proxies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fanfare::net {
namespace {

using testing::HasSubstr;

SocketAddress address(std::string_view text) { return *SocketAddress::parse(text, 1); }

bool contains(std::string_view network, std::string_view host) {
  return Network::parse(network)->contains(address(host));
}

TEST(NetworkTest, HoldsTheAddressesOfItsPrefix) {
  EXPECT_TRUE(contains("10.0.0.0/8", "10.255.1.2"));
  EXPECT_FALSE(contains("10.0.0.0/8", "11.0.0.1"));
  EXPECT_TRUE(contains("192.168.4.0/22", "192.168.7.255"));
  EXPECT_FALSE(contains("192.168.4.0/22", "192.168.8.0"));
  EXPECT_TRUE(contains("192.0.2.1", "192.0.2.1"));
  EXPECT_FALSE(contains("192.0.2.1", "192.0.2.2"));
  EXPECT_TRUE(contains("0.0.0.0/0", "203.0.113.9"));
  EXPECT_TRUE(contains("fd00::/8", "fd12::1"));
  EXPECT_FALSE(contains("fd00::/8", "fe80::1"));
  EXPECT_TRUE(contains("::1", "::1"));
}

TEST(NetworkTest, TheTwoFamiliesAreApart) {
  EXPECT_FALSE(contains("0.0.0.0/0", "::1"));
  EXPECT_FALSE(contains("::/0", "127.0.0.1"));
  EXPECT_TRUE(contains("127.0.0.0/8", "::ffff:127.0.0.1"));  // the same client by another socket
}

TEST(NetworkTest, AnythingElseIsRefused) {
  for (const char* text : {"", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x", "10.0.0.0/8/8", "10.0.0", "::/129", "/8", "*",
                           "localhost", "[::1]", "10.0.0.0/-1", "10.0.0.0/ 8"}) {
    EXPECT_FALSE(Network::parse(text).ok()) << text;
  }
  EXPECT_THAT(Network::parse("proxy.example.com").error().message, HasSubstr("\"proxy.example.com\""));
}

TEST(TrustedProxiesTest, TrustsWhoIsListed) {
  const auto trusted = TrustedProxies::parse({"127.0.0.1", "10.0.0.0/8"});
  ASSERT_TRUE(trusted.ok());
  EXPECT_FALSE(trusted->empty());
  EXPECT_TRUE(trusted->contains(address("127.0.0.1")));
  EXPECT_TRUE(trusted->contains(address("10.1.1.1")));
  EXPECT_FALSE(trusted->contains(address("192.0.2.1")));
  EXPECT_FALSE(trusted->contains(SocketAddress()));
  EXPECT_FALSE(TrustedProxies::parse({"127.0.0.1", "nonsense"}).ok());
}

TEST(TrustedProxiesTest, TrustsTheUnixSocketOnlyWhereItIsNamed) {
  EXPECT_TRUE(TrustedProxies::parse({"unix:"})->contains(SocketAddress()));
  EXPECT_FALSE(TrustedProxies::parse({"unix:"})->empty());
  EXPECT_FALSE(TrustedProxies::parse({"0.0.0.0/0"})->contains(SocketAddress()));
  EXPECT_TRUE(TrustedProxies().empty());
  EXPECT_FALSE(TrustedProxies().contains(address("127.0.0.1")));
}

}  // namespace
}  // namespace fanfare::net
