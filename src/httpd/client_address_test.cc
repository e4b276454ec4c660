#include "httpd/client_address.h"

#include <gtest/gtest.h>

namespace fanfare::httpd {
namespace {

net::TrustedProxies trusted() { return *net::TrustedProxies::parse({"127.0.0.1", "10.0.0.0/8"}); }

std::string client_of(std::string_view peer, std::string_view forwarded) {
  return client_address(*net::SocketAddress::parse(peer, 1234), forwarded, trusted()).ip_text();
}

TEST(ClientAddressTest, BelievesTrustedProxiesOnly) {
  EXPECT_EQ(client_of("192.0.2.1", "203.0.113.5"), "192.0.2.1");
  EXPECT_EQ(client_of("127.0.0.1", "203.0.113.5"), "203.0.113.5");
  EXPECT_EQ(client_of("127.0.0.1", "1.1.1.1, 203.0.113.5, 10.0.0.7"), "203.0.113.5");
  EXPECT_EQ(client_of("127.0.0.1", ""), "127.0.0.1");
  EXPECT_EQ(client_of("127.0.0.1", "10.0.0.1, 10.0.0.2"), "10.0.0.1");
  EXPECT_EQ(client_of("127.0.0.1", "203.0.113.5, nonsense"), "127.0.0.1");
  EXPECT_EQ(client_of("127.0.0.1", "203.0.113.5,,"), "127.0.0.1");
}

TEST(ClientAddressTest, PassesOverPorts) {
  EXPECT_EQ(client_of("127.0.0.1", "203.0.113.5:443"), "203.0.113.5");
  EXPECT_EQ(client_of("127.0.0.1", "[2001:db8::1]:443"), "2001:db8::1");
  EXPECT_EQ(client_of("127.0.0.1", "2001:db8::1"), "2001:db8::1");
}

TEST(ClientAddressTest, AUnixSocketsPeerIsBelievedWhereItIsTrusted) {
  const net::SocketAddress nobody;
  EXPECT_EQ(client_address(nobody, "203.0.113.5", *net::TrustedProxies::parse({"unix:"})).ip_text(), "203.0.113.5");
  EXPECT_FALSE(client_address(nobody, "203.0.113.5", trusted()).is_valid());
}

TEST(ForwardedTlsTest, IsTheNearestTrustedProxysWord) {
  const auto is_tls = [](std::string_view peer, std::string_view protocols) {
    http::Request request;
    if (!protocols.empty()) request.headers.push_back({"X-Forwarded-Proto", protocols});
    return is_forwarded_tls(*net::SocketAddress::parse(peer, 1), request, trusted());
  };
  EXPECT_TRUE(is_tls("127.0.0.1", "https"));
  EXPECT_TRUE(is_tls("127.0.0.1", "WSS"));
  EXPECT_TRUE(is_tls("127.0.0.1", "http, https"));
  EXPECT_FALSE(is_tls("127.0.0.1", "https, http"));
  EXPECT_FALSE(is_tls("127.0.0.1", ""));
  EXPECT_FALSE(is_tls("192.0.2.1", "https"));
}

}  // namespace
}  // namespace fanfare::httpd
