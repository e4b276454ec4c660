// Watchlists: who of one's list is online. Source: REF 6.7
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

std::string watchlist_event(std::string_view events) {
  return R"({"event":"pusher_internal:watchlist_events","data":)" +
         json_string(R"({"events":[)" + std::string(events) + "]}") + "}";
}
std::string group(std::string_view name, std::string_view ids) {
  return R"({"name":")" + std::string(name) + R"(","user_ids":[)" + std::string(ids) + "]}";
}

// The first message gathers what several loops answer, in any order.
testing::Matcher<std::string> both_offline() {
  return testing::AnyOf(watchlist_event(group("offline", R"("a","b")")),
                        watchlist_event(group("offline", R"("b","a")")));
}

class WatchlistTest : public LoopsTest {
 protected:
  TestServer& start_with(std::string limits = {}, const std::string& more = {}) {
    return start({{.settings = "watchlist = true\n" + more, .limits = std::move(limits)}});
  }
  std::unique_ptr<PusherClient> watcher(std::string_view data) {
    auto client = server().connect();
    client->sign_in(data);
    EXPECT_THAT(client->next_text(), HasSubstr("signin_success"));
    return client;
  }
  std::unique_ptr<PusherClient> online(std::string_view id) {
    auto client = server().connect();
    client->sign_in_as(id);
    return client;
  }
};

TEST_P(WatchlistTest, TheStateNowAndThenTheChanges) {
  start_with();
  const auto watching = watcher(R"({"id":"w","watchlist":["a","b"]})");
  EXPECT_THAT(watching->next_text(), both_offline());
  auto first_tab = online("a");
  EXPECT_EQ(watching->next_text(), watchlist_event(group("online", R"("a")")));
  auto second_tab = online("a");
  first_tab.reset();
  const auto late = watcher(R"({"id":"v","watchlist":["a","b"]})");
  EXPECT_EQ(late->next_text(), watchlist_event(group("online", R"("a")") + "," + group("offline", R"("b")")));
  EXPECT_EQ(watching->unexpected(), "");
  second_tab.reset();
  EXPECT_EQ(watching->next_text(), watchlist_event(group("offline", R"("a")")));
  EXPECT_EQ(late->next_text(), watchlist_event(group("offline", R"("a")")));
}

TEST_P(WatchlistTest, BeyondTheLimitTheFirstCountAnd4302IsSent) {
  start_with("watchlist_users = 2");
  const auto watching = watcher(R"({"id":"w","watchlist":["a","b","c"]})");
  EXPECT_THAT(watching->next_text(), HasSubstr(R"("code":4302)"));
  EXPECT_THAT(watching->next_text(), both_offline());
  const auto third = online("c");
  EXPECT_EQ(watching->unexpected(), "");
}

TEST_P(WatchlistTest, ANewSigninReplacesTheList) {
  start_with();
  const auto watching = watcher(R"({"id":"w","watchlist":["a"]})");
  EXPECT_EQ(watching->next_text(), watchlist_event(group("offline", R"("a")")));
  watching->sign_in(R"({"id":"w","watchlist":["b"]})");
  EXPECT_THAT(watching->next_text(), HasSubstr("signin_success"));
  EXPECT_EQ(watching->next_text(), watchlist_event(group("offline", R"("b")")));
  const auto a = online("a");
  const auto b = online("b");
  EXPECT_EQ(watching->next_text(), watchlist_event(group("online", R"("b")")));
}

TEST_P(WatchlistTest, AShortAbsenceGoesUnnoticed) {
  start_with({}, "offline_delay_ms = 60000");
  const auto watching = watcher(R"({"id":"w","watchlist":["a","b"]})");
  EXPECT_THAT(watching->next_text(), both_offline());
  auto page = online("a");
  EXPECT_EQ(watching->next_text(), watchlist_event(group("online", R"("a")")));
  page.reset();
  page = online("a");
  const auto fence = online("b");
  EXPECT_EQ(watching->next_text(), watchlist_event(group("online", R"("b")")));
}

TEST_P(WatchlistTest, OffByDefault) {
  const auto client = server().connect();
  client->sign_in(R"({"id":"w","watchlist":["a"]})");
  EXPECT_THAT(client->next_text(), HasSubstr("signin_success"));
  EXPECT_EQ(client->unexpected(), "");
}

FANFARE_WITH_LOOPS(WatchlistTest);

}  // namespace
}  // namespace fanfare::test
