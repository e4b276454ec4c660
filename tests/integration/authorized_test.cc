// Authorized connections: who neither signs in nor subscribes with auth is closed. Source: REF 6.6
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

constexpr const char* kShortTimeout = "authorized_connection_timeout_seconds = 1";

std::vector<TestApp> strict_app(std::string limits = {}) {
  return {{.settings = "authorized_connections = true", .limits = std::move(limits)}};
}

class AuthorizedTest : public LoopsTest {};

TEST_P(AuthorizedTest, OnlyWhoShowedAuthInTimeStays) {
  start(strict_app(), kShortTimeout);
  const auto idle = server().connect();
  const auto public_only = server().connect();
  const auto failing = server().connect();
  const auto signed_in = server().connect();
  const auto in_private = server().connect();
  const auto in_presence = server().connect();
  EXPECT_EQ(public_only->subscribe_and_wait("news"), subscription_succeeded("news"));
  failing->subscribe_with("app-key:00", "private-x");
  EXPECT_NE(failing->next_text(), subscription_succeeded("private-x"));
  signed_in->sign_in_as("u1");
  EXPECT_EQ(in_private->subscribe_and_wait("private-x"), subscription_succeeded("private-x"));
  in_presence->subscribe_and_wait("presence-x", R"({"user_id":"a"})");
  for (const auto& client : {idle.get(), public_only.get(), failing.get()}) {
    const WsClosed closed = client->wait_closed();
    EXPECT_EQ(closed.code, 4009);
    EXPECT_EQ(closed.reason, "Connection not authorized within timeout");
  }
  for (const auto& client : {signed_in.get(), in_private.get(), in_presence.get()}) EXPECT_EQ(client->unexpected(), "");
}

TEST_P(AuthorizedTest, ConnectionsCountOnceTheyAreAuthorized) {
  start(strict_app("connections = 1"));
  const auto first = server().connect();
  const auto second = server().connect();
  EXPECT_EQ(first->subscribe_and_wait("private-x"), subscription_succeeded("private-x"));
  second->subscribe("private-x");
  const WsClosed closed = second->wait_closed();
  EXPECT_EQ(closed.code, 4004);
  EXPECT_EQ(first->unexpected(), "");
}

FANFARE_WITH_LOOPS(AuthorizedTest);

}  // namespace
}  // namespace fanfare::test
