#include "net/socket_address.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

namespace fanfare::net {
namespace {

std::string round_trip(std::string_view host, std::uint16_t port) {
  const auto address = SocketAddress::parse(host, port);
  if (!address.ok()) return address.error().message;
  sockaddr_storage native;
  (*address).to_native(native);
  return SocketAddress::from_native(reinterpret_cast<const sockaddr*>(&native)).to_string();
}

TEST(SocketAddressTest, ReadsAndWritesBothFamilies) {
  EXPECT_EQ(round_trip("192.0.2.7", 6001), "192.0.2.7:6001");
  EXPECT_EQ(round_trip("::1", 80), "[::1]:80");
  EXPECT_EQ(round_trip("[2001:db8::7]", 443), "[2001:db8::7]:443");
  EXPECT_EQ(round_trip("localhost", 1), "127.0.0.1:1");
  EXPECT_EQ(round_trip("*", 65'535), "0.0.0.0:65535");
  EXPECT_EQ(round_trip("255.255.255.255", 10), "255.255.255.255:10");
  EXPECT_EQ(round_trip("::", 0), "[::]:0");
}

TEST(SocketAddressTest, RefusesWhatIsNoAddress) {
  using namespace std::string_view_literals;
  for (const std::string_view host :
       {""sv, "example.com"sv, "1.2.3"sv, "1.2.3.4.5"sv, "[::1"sv, "[]"sv, "127.0.0.1\0x"sv}) {
    EXPECT_FALSE(SocketAddress::parse(host, 1).ok()) << host;
  }
}

TEST(SocketAddressTest, Ipv4ThroughIpv6IsIpv4) {
  const auto mapped = SocketAddress::parse("::ffff:192.0.2.1", 5);
  ASSERT_TRUE(mapped.ok());
  EXPECT_EQ(*mapped, *SocketAddress::parse("192.0.2.1", 5));
}

TEST(SocketAddressTest, KnowsTheAddressesThatMeanAll) {
  EXPECT_TRUE((*SocketAddress::parse("0.0.0.0", 1)).is_any());
  EXPECT_TRUE((*SocketAddress::parse("::", 1)).is_any());
  EXPECT_FALSE((*SocketAddress::parse("127.0.0.1", 1)).is_any());
  EXPECT_FALSE(SocketAddress().is_any());
  EXPECT_EQ(SocketAddress().to_string(), "unknown");
}

TEST(SocketAddressTest, ResolvesTheLocalName) {
  const auto address = SocketAddress::resolve_blocking("localhost", 9);
  ASSERT_TRUE(address.ok());
  EXPECT_EQ((*address).to_string(), "127.0.0.1:9");
  EXPECT_FALSE(SocketAddress::resolve_blocking("", 9).ok());
  EXPECT_FALSE(SocketAddress::resolve_blocking(std::string(300, 'a'), 9).ok());
}

}  // namespace
}  // namespace fanfare::net
