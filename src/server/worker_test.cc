#include "server/worker.h"

#include <algorithm>
#include <functional>
#include <regex>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "core/loop_link.h"
#include "net/stream_test_support.h"
#include "server/stats_collector.h"
#include "support/manual_clock.h"

namespace fanfare::server {
namespace {

// One worker on a loop and a clock that the test moves.
class WorkerTest : public testing::Test {
 protected:
  WorkerTest() {
    core::App app;
    app.id = "1";
    app.keys = pusher::AppKeys({pusher::AppKey("key", "secret")});
    const auto apps = std::make_shared<const core::AppTable>(std::vector<core::App>{app}, core::AppTable());
    sessions_.connections_max = 1000;
    workers_.push_back(std::make_unique<Worker>(
        loop_, WorkerShared{config_, loops_, quota_, sessions_, nullptr, warnings_, config_.httpd}, apps));
    loops_.add(loop_, worker().core());
    auto sockets = net::open_listen_sockets(*net::SocketAddress::parse("127.0.0.1", 0), 1, 256);
    EXPECT_TRUE(sockets.ok());
    address_ = net::SocketAddress::of_local_end(sockets->front().get());
    worker().listen(std::move(sockets->front()));
  }

  Worker& worker() { return *workers_.front(); }
  bool turn_until(const std::function<bool()>& reached) {
    for (int i = 0; i < 5'000 && !reached(); ++i) loop_.turn(std::chrono::milliseconds(1));
    return reached();
  }
  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto socket = net::connect_blocking(address_);
      ASSERT_TRUE(socket.ok());
      peers_.emplace_back(*std::move(socket));
      (void)peers_.back().send(
          "GET /app/key?protocol=7 HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }
    const auto all = static_cast<std::int64_t>(peers_.size());
    ASSERT_TRUE(turn_until([&] { return worker().session_stats().connections.value() == all; }));
  }
  std::size_t open() const { return static_cast<std::size_t>(workers_.front()->session_stats().connections.value()); }

  ManualClock clock_;
  config::Config config_;
  net::EventLoop loop_{LoopIndex(0), config_.net, clock_};
  core::LoopSet loops_;
  core::ConnectionQuota quota_;
  OnceAMinute warnings_;
  session::SharedSessionState sessions_;
  net::SocketAddress address_;
  std::vector<net::Peer> peers_;
  std::vector<std::unique_ptr<Worker>> workers_;
};

TEST_F(WorkerTest, ADrainClosesAnEvenShareAtEachStep) {
  connect(100);
  worker().drain(std::chrono::milliseconds{1000});
  std::size_t before = 100;
  for (int ms = 0; ms < 1000; ms += 10) {
    loop_.turn(std::chrono::milliseconds{0});
    loop_.turn(std::chrono::milliseconds{0});
    const std::size_t now = open();
    EXPECT_LE(before - now, 50U) << "at " << ms << " ms";  // a tenth; the last steps, what jitter left over
    before = now;
    clock_.advance(std::chrono::milliseconds{10});
  }
  for (int i = 0; i < 10; ++i) {
    clock_.advance(std::chrono::milliseconds{50});
    loop_.turn(std::chrono::milliseconds{0});
  }
  EXPECT_EQ(open(), 0U);
  EXPECT_EQ(worker().session_stats().closed.entries()[0].code.load(), 4200);
  EXPECT_EQ(worker().session_stats().closed.entries()[0].count.value(), 100U);
}

TEST_F(WorkerTest, ADrainWithoutTimeClosesAllAtOnce) {
  connect(10);
  worker().drain(std::chrono::milliseconds{0});
  loop_.turn(std::chrono::milliseconds{0});
  EXPECT_EQ(open(), 0U);
}

TEST_F(WorkerTest, NewAppsReachTheConnections) {
  connect(3);
  worker().replace_apps(std::make_shared<const core::AppTable>(std::vector<core::App>{}, core::AppTable()));
  loop_.turn(std::chrono::milliseconds{0});
  EXPECT_EQ(open(), 0U);
  EXPECT_EQ(worker().session_stats().closed.entries()[0].code.load(), 4001);
}

// Registering asserts the rules of names; scraping shows what a person would see.
TEST_F(WorkerTest, EveryMetricHasAValidNameAndHelp) {
  connect(1);
  metrics::Registry registry;
  register_stats(registry, workers_);
  const metrics::Samples samples = registry.collect();
  const std::regex name_rule("fanfare(_[a-z0-9]+)+");
  EXPECT_GT(samples.families().size(), 50U);
  for (const auto& [name, family] : samples.families()) {
    EXPECT_TRUE(std::regex_match(name, name_rule)) << name;
    EXPECT_FALSE(family.help.empty()) << name;
    EXPECT_NE(family.help.back(), '.') << name;
  }
  EXPECT_EQ(samples.families().find("fanfare_session_connections")->second.values.begin()->second.number, 1);
}

}  // namespace
}  // namespace fanfare::server
