// /metrics, /live and /ready, on a port and a thread of their own.
#include <future>
#include <regex>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

class HealthTest : public LoopsTest {};

TEST_P(HealthTest, ThePageIsPrometheusText) {
  const auto client = server().connect();
  client->subscribe_and_wait("a");
  server().api().publish("a", "e", "1");
  const HttpResponse response = server().metrics_client().get("/metrics");
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.header("Content-Type"), HasSubstr("text/plain; version=0.0.4"));
  const std::regex sample(R"(fanfare_[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? (-?[0-9.e+-]+|\+Inf))");
  const std::regex comment("# (HELP fanfare_[a-z_]+ .+|TYPE fanfare_[a-z_]+ (counter|gauge|histogram))");
  std::istringstream page(response.body);
  std::size_t samples = 0;
  for (std::string line; std::getline(page, line); ++samples) {
    EXPECT_TRUE(std::regex_match(line, line.starts_with('#') ? comment : sample)) << line;
  }
  EXPECT_GT(samples, 100U);
}

TEST_P(HealthTest, CountersMoveWithTheWork) {
  const auto first = server().connect();
  const auto second = server().connect();
  first->subscribe_and_wait("a");
  second->subscribe_and_wait("a");
  const double bytes = server().metric("fanfare_net_sent_bytes_total");
  ApiClient api = server().api();
  for (int i = 0; i < 10; ++i) api.publish("a", "e", "1");
  for (int i = 0; i < 10; ++i) {
    first->next_text();
    second->next_text();
  }
  EXPECT_EQ(server().metric("fanfare_session_connections"), 2);
  EXPECT_EQ(server().metric("fanfare_session_established_total"), 2);
  EXPECT_EQ(server().metric("fanfare_core_subscriptions"), 2);
  EXPECT_EQ(server().metric("fanfare_core_channels"), 1);
  EXPECT_EQ(server().metric("fanfare_core_published_events_total", "api"), 10);
  EXPECT_EQ(server().metric("fanfare_core_delivered_frames_total", "event"), 20);
  EXPECT_EQ(server().metric("fanfare_api_requests_total", "publish"), 10);
  EXPECT_EQ(server().metric("fanfare_http_responses_total", "2xx"), 10);
  EXPECT_GT(server().metric("fanfare_net_sent_bytes_total"), bytes + 20 * 40);
  wait_until("publishes were timed",
             [&] { return server().metric("fanfare_core_publish_to_write_seconds_count") > 0; });
}

TEST_P(HealthTest, ReadyAndAlive) {
  EXPECT_EQ(server().metrics_client().get("/ready").status, 200);
  EXPECT_EQ(server().metrics_client().get("/live").status, 200);
  EXPECT_EQ(server().metrics_client().get("/nothing").status, 404);
  HttpClient clients_port(server().port());
  EXPECT_EQ(clients_port.get("/metrics").status, 404);
}

FANFARE_WITH_LOOPS(HealthTest);

TEST(StalledLoopTest, LiveFailsAndNamesTheLoop) {
  TestServer server({.loops = 2});
  std::promise<void> end;
  server.post(1, [ended = end.get_future().share()] { ended.wait(); });
  wait_until("/live fails", [&] { return server.metrics_client().get("/live").status == 503; });
  const std::string text = server.metrics_client().get("/live").body;
  EXPECT_THAT(text, HasSubstr("loop 1 is stalled"));
  EXPECT_THAT(text, testing::Not(HasSubstr("loop 0")));
  end.set_value();
  wait_until("/live is well again", [&] { return server.metrics_client().get("/live").status == 200; });
}

}  // namespace
}  // namespace fanfare::test
