#include "core/connection_quota.h"

#include <vector>

#include <gtest/gtest.h>

namespace fanfare::core {
namespace {

App limited(std::uint32_t connections, std::uint32_t per_address) {
  App app;
  app.id = "1";
  app.limits.connections = connections;
  app.limits.connections_per_address = per_address;
  return app;
}

TEST(ConnectionQuotaTest, AnAppHasSoManyPlacesAndATicketGivesItsPlaceBack) {
  ConnectionQuota quota;
  const App app = limited(2, 0);
  ConnectionTicket first = quota.take(app, "::1").ticket;
  {
    const ConnectionTicket second = quota.take(app, "::1").ticket;
    EXPECT_TRUE(first && second);
    const ConnectionQuota::Outcome third = quota.take(app, "::1");
    EXPECT_FALSE(third.ticket);
    EXPECT_EQ(third.refusal, QuotaRefusal::kApp);
    EXPECT_EQ(app.usage->connections.load(), 2U);
  }
  EXPECT_TRUE(quota.take(app, "::1").ticket);
  EXPECT_EQ(app.usage->connections.load(), 1U);
}

TEST(ConnectionQuotaTest, AnAddressHasSoManyPlacesInEachApp) {
  ConnectionQuota quota;
  const App app = limited(0, 1);
  App other = limited(0, 1);
  other.id = "2";
  const ConnectionTicket first = quota.take(app, "10.0.0.1").ticket;
  const ConnectionQuota::Outcome second = quota.take(app, "10.0.0.1");
  EXPECT_FALSE(second.ticket);
  EXPECT_EQ(second.refusal, QuotaRefusal::kAddress);
  EXPECT_EQ(app.usage->connections.load(), 1U);  // the app's place was given back
  EXPECT_TRUE(quota.take(app, "10.0.0.2").ticket);
  EXPECT_TRUE(quota.take(other, "10.0.0.1").ticket);
}

TEST(ConnectionQuotaTest, AConnectionMayCountForItsAddressFirstAndForItsAppLater) {
  ConnectionQuota quota;
  const App app = limited(1, 1);
  {
    ConnectionQuota::AddressOutcome first = quota.take_address_only(app, "::1");
    EXPECT_TRUE(first.has_place);
    EXPECT_FALSE(first.ticket.counts_for_app());
    EXPECT_FALSE(quota.take_address_only(app, "::1").has_place);
    EXPECT_EQ(app.usage->connections.load(), 0U);
    EXPECT_TRUE(quota.add_app(app, first.ticket));
    ConnectionTicket second;
    EXPECT_FALSE(quota.add_app(app, second));
    EXPECT_EQ(app.usage->connections.load(), 1U);
  }
  EXPECT_EQ(app.usage->connections.load(), 0U);
  EXPECT_TRUE(quota.take(app, "::1").ticket);
}

TEST(ConnectionQuotaTest, AnAddressWhoseConnectionsAreGoneHasItsPlacesAgain) {
  ConnectionQuota quota;
  const App app = limited(0, 1);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(quota.take(app, "10.0.0.1").ticket);
}

TEST(ConnectionQuotaTest, AMovedTicketCountsOnce) {
  ConnectionQuota quota;
  const App app = limited(1, 1);
  {
    ConnectionTicket ticket = quota.take(app, "::1").ticket;
    ConnectionTicket moved = std::move(ticket);
    ConnectionTicket kept;
    kept = std::move(moved);
    EXPECT_EQ(app.usage->connections.load(), 1U);
  }
  EXPECT_EQ(app.usage->connections.load(), 0U);
}

TEST(ConnectionQuotaTest, ZeroIsNoLimit) {
  ConnectionQuota quota;
  const App app = limited(0, 0);
  std::vector<ConnectionTicket> tickets;
  tickets.reserve(100);
  for (int i = 0; i < 100; ++i) tickets.push_back(quota.take(app, "::1").ticket);
  EXPECT_EQ(app.usage->connections.load(), 100U);
}

}  // namespace
}  // namespace fanfare::core
