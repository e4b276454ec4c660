// The pages of the metrics listener, over real sockets.
#include "admin/routes.h"

#include <gmock/gmock.h>

#include "httpd/server_test_support.h"
#include "support/fake_health.h"

namespace fanfare::admin {
namespace {

using std::chrono::milliseconds;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RoutesTest : public httpd::ServerTest {
 protected:
  RoutesTest() {
    registry_.add({.name = "fanfare_net_received_bytes_total", .help = "Bytes read from clients"}, {}, bytes_);
    add_routes(router_, health_, &registry_);
  }

  std::string ask(std::string_view method, std::string_view path) {
    httpd::TestClient client = connect();
    client.send(std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(receive_end(client));
    return client.received;
  }

  FakeHealth health_;
  Counter bytes_;
  metrics::Registry registry_;
};

TEST_F(RoutesTest, MetricsAreThePageOfTheRegistry) {
  bytes_.add(42);
  const std::string answer = ask("GET", "/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"));
  EXPECT_THAT(answer, HasSubstr("\nfanfare_net_received_bytes_total 42\n"));
  bytes_.add(1);
  EXPECT_THAT(ask("GET", "/metrics"), HasSubstr("\nfanfare_net_received_bytes_total 43\n"));
}

TEST_F(RoutesTest, HeadHasTheHeadersWithoutThePage) {
  const std::string answer = ask("HEAD", "/metrics");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Type: text/plain; version=0.0.4"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
  EXPECT_THAT(answer, Not(HasSubstr("Content-Length: 0\r\n")));
}

TEST_F(RoutesTest, LiveFailsWhenALoopIsStalled) {
  health_.turns = {{LoopIndex(0), milliseconds(10)}};
  EXPECT_THAT(ask("GET", "/live"), testing::AllOf(StartsWith("HTTP/1.1 200 OK\r\n"), EndsWith("\r\n\r\nok\n")));
  health_.turns = {{LoopIndex(0), milliseconds(10)}, {LoopIndex(1), milliseconds(5001)}};
  EXPECT_THAT(ask("GET", "/live"), testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\n\r\nloop 1 is stalled")));
}

TEST_F(RoutesTest, ReadyFollowsTheServer) {
  health_.state = Readiness::kStarting;
  EXPECT_THAT(ask("GET", "/ready"), testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\n\r\nstarting")));
  health_.state = Readiness::kReady;
  EXPECT_THAT(ask("GET", "/ready"), testing::AllOf(StartsWith("HTTP/1.1 200 "), HasSubstr("\r\n\r\nok\n")));
  health_.state = Readiness::kDraining;
  EXPECT_THAT(ask("GET", "/ready"), testing::AllOf(StartsWith("HTTP/1.1 503 "), HasSubstr("\r\n\r\ndraining")));
}

TEST_F(RoutesTest, NoCacheKeepsAnOldHealth) {
  EXPECT_THAT(ask("GET", "/ready"), HasSubstr("Cache-Control: no-store\r\n"));
}

TEST_F(RoutesTest, OtherMethodsAndPathsAreRefused) {
  EXPECT_THAT(ask("POST", "/metrics"), testing::AllOf(StartsWith("HTTP/1.1 405 "), HasSubstr("Allow: ")));
  EXPECT_THAT(ask("GET", "/metricsx"), StartsWith("HTTP/1.1 404 "));
}

}  // namespace
}  // namespace fanfare::admin
