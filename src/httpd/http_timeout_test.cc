// Timeouts, the limit of connections, and draining.
#include <chrono>
#include <string>
#include <vector>

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

class HttpTimeoutTest : public ServerTest {
 protected:
  HttpTimeoutTest() {
    options_.header_timeout = milliseconds(1000);
    options_.body_timeout = milliseconds(2000);
    options_.idle_timeout = milliseconds(5000);
  }
  void settle() {
    for (int i = 0; i < 5; ++i) loop().turn(milliseconds(1));
  }
};

TEST_F(HttpTimeoutTest, ASlowHeadIsAnswered408) {
  TestClient client = connect();
  client.send("GET /hello HT");
  settle();
  advance(milliseconds(900));
  client.send("TP/1.1\r\n");  // a drop now and then does not help
  settle();
  EXPECT_EQ(server().stats().header_timeouts.value(), 0U);
  advance(milliseconds(200));
  ASSERT_TRUE(receive_end(client));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 408 ")) << client.received;
  EXPECT_EQ(server().stats().header_timeouts.value(), 1U);
}

TEST_F(HttpTimeoutTest, ASlowBodyIsAnswered408) {
  TestClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nh");
  settle();
  advance(milliseconds(1900));
  EXPECT_EQ(server().stats().body_timeouts.value(), 0U);
  advance(milliseconds(200));
  ASSERT_TRUE(receive_end(client));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 408 ")) << client.received;
}

TEST_F(HttpTimeoutTest, ASilentClientIsClosedWithoutAWord) {
  TestClient client = connect();
  turn_until([&] { return server().open_connections() == 1; });
  advance(milliseconds(1100));
  ASSERT_TRUE(receive_end(client));
  EXPECT_EQ(client.received, "");
}

TEST_F(HttpTimeoutTest, AnIdleConnectionIsClosed) {
  TestClient client = connect();
  client.send(kHello);
  ASSERT_TRUE(receive_answers(client, 1));
  advance(milliseconds(4000));
  client.send(kHello);
  ASSERT_TRUE(receive_answers(client, 2));
  advance(milliseconds(4000));
  EXPECT_EQ(server().stats().idle_timeouts.value(), 0U);
  advance(milliseconds(1100));
  ASSERT_TRUE(receive_end(client));
  EXPECT_EQ(client.answers(), 2U);
  EXPECT_EQ(server().stats().idle_timeouts.value(), 1U);
}

TEST_F(HttpTimeoutTest, AnOutstandingAnswerHasNoDeadline) {
  TestClient client = connect();
  client.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(turn_until([&] { return later_.size() == 1; }));
  advance(milliseconds(60'000));
  answer_later(0);
  EXPECT_TRUE(receive_answers(client, 1));
  EXPECT_FALSE(client.ended);
}

TEST_F(HttpTimeoutTest, AboveTheLimitConnectionsAreAnswered503) {
  options_.connections_max_per_loop = 2;
  int at_limit = 0;
  server().set_limit_callback([&] { ++at_limit; });
  TestClient one = connect();
  TestClient two = connect();
  ASSERT_TRUE(turn_until([&] { return server().open_connections() == 2; }));
  TestClient three = connect();
  ASSERT_TRUE(receive_end(three));
  EXPECT_TRUE(three.received.starts_with("HTTP/1.1 503 ")) << three.received;
  EXPECT_EQ(at_limit, 1);
  EXPECT_EQ(server().stats().refused_at_limit.value(), 1U);
  one.send(kHello);
  EXPECT_TRUE(receive_answers(one, 1));
}

TEST_F(HttpTimeoutTest, TheLimitRisesAndFallsWithTheConnectionsThatAreCountedElsewhere) {
  options_.connections_max_per_loop = 1;
  std::size_t more = 1;
  server().set_more_connections([&more] { return more; });
  TestClient one = connect();
  TestClient two = connect();
  one.send(kHello);
  two.send(kHello);
  EXPECT_TRUE(receive_answers(one, 1));
  EXPECT_TRUE(receive_answers(two, 1));
  more = 0;
  two.close();
  ASSERT_TRUE(turn_until([&] { return server().open_connections() == 1; }));
  TestClient three = connect();
  ASSERT_TRUE(receive_end(three));
  EXPECT_TRUE(three.received.starts_with("HTTP/1.1 503 ")) << three.received;
}

TEST_F(HttpTimeoutTest, FarAboveTheLimitConnectionsAreClosedAtOnce) {
  options_.connections_max_per_loop = 1;
  std::vector<TestClient> clients;
  for (int i = 0; i < 80; ++i) {
    clients.push_back(connect());
    loop().turn(milliseconds(1));
  }
  ASSERT_TRUE(turn_until([&] { return server().stats().connections.value() == 80; }));
  EXPECT_LE(server().open_connections(), 65U);
}

TEST_F(HttpTimeoutTest, DrainingClosesIdleOnesAndTheOthersBehindTheirAnswer) {
  TestClient idle = connect();
  idle.send(kHello);
  ASSERT_TRUE(receive_answers(idle, 1));
  TestClient busy = connect();
  busy.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(turn_until([&] { return later_.size() == 1; }));
  server().drain();
  ASSERT_TRUE(receive_end(idle));
  answer_later(0);
  ASSERT_TRUE(receive_end(busy));
  EXPECT_NE(busy.received.find("\r\nConnection: close\r\n"), std::string::npos);
  idle.close();
  busy.close();
  EXPECT_TRUE(turn_until([&] { return server().open_connections() == 0; }));
}

}  // namespace
}  // namespace fanfare::httpd
