// A connection that goes to the loop that its request belongs to.
#include <memory>
#include <string>
#include <utility>

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

// "/on/<loop>" is answered on that loop, "POST /on/<loop>" with its body.
class MoveTest : public ServerTest {
 protected:
  MoveTest() {
    add_routes(router_, 0);
    add_routes(other_router_, 1);
  }
  void start() {
    other_loop_ = std::make_unique<net::EventLoop>(LoopIndex(1), net_options_, clock_);
    other_ = std::make_unique<HttpServer>(*other_loop_, options_, other_router_, nullptr);
    server().set_peers({&server(), other_.get()});
    other_->set_peers({&server(), other_.get()});
  }
  bool turn_both_until(TestClient& client, const std::function<bool()>& reached) {
    return receive_until(client, [&] {
      other_loop_->turn(std::chrono::milliseconds(0));
      return reached();
    });
  }
  static std::string request(int loop) { return "GET /on/" + std::to_string(loop) + " HTTP/1.1\r\nHost: h\r\n\r\n"; }

  Router other_router_;
  std::unique_ptr<net::EventLoop> other_loop_;
  std::unique_ptr<HttpServer> other_;

 private:
  static void add_routes(Router& router, std::uint16_t self) {
    const auto handle = [self](const http::Request& request, const RouteCaptures& captures, Responder responder) {
      const LoopIndex wanted(static_cast<std::uint16_t>(captures["loop"].front() - '0'));
      if (wanted != LoopIndex(self)) return responder.move_to(wanted, request);
      responder.respond(http::text_response(
          200, "loop " + std::to_string(self) + " " + std::string(as_text(request.body)) + std::string(request.query)));
    };
    router.add(http::Method::kGet, "/on/{loop}", handle);
    router.add(http::Method::kPost, "/on/{loop}", handle);
  }
};

TEST_F(MoveTest, TheRequestIsAnsweredOnItsLoop) {
  start();
  TestClient client = connect();
  client.send(
      "POST /on/1?q=1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n");
  ASSERT_TRUE(turn_both_until(client, [&] { return client.received.ends_with("loop 1 abcdefgq=1\n"); }));
  EXPECT_EQ(server().open_connections(), 0U);
  EXPECT_EQ(other_->open_connections(), 1U);
  EXPECT_EQ(server().stats().requests.value(), 0U);
  EXPECT_EQ(other_->stats().requests.value(), 1U);
  EXPECT_EQ(server().stats().moved_out.value(), 1U);
  EXPECT_EQ(other_->stats().moved_in.value(), 1U);
}

TEST_F(MoveTest, TheConnectionGoesOnThere) {
  start();
  TestClient client = connect();
  client.send(request(1));
  ASSERT_TRUE(turn_both_until(client, [&] { return client.answers() == 1; }));
  client.send(request(1));
  ASSERT_TRUE(turn_both_until(client, [&] { return client.answers() == 2; }));
  client.received.clear();
  client.send(request(0));
  ASSERT_TRUE(turn_both_until(client, [&] { return client.received.ends_with("loop 0 \n"); }));
  EXPECT_EQ(other_->open_connections(), 0U);
}

TEST_F(MoveTest, WhatCameBehindTheRequestGoesWithIt) {
  start();
  TestClient client = connect();
  client.send(request(1) + request(1) + "GET /on/1 HT");
  ASSERT_TRUE(turn_both_until(client, [&] { return client.answers() == 2; }));
  client.send("TP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(turn_both_until(client, [&] { return client.answers() == 3; }));
  EXPECT_EQ(server().stats().moved_out.value(), 1U);
}

TEST_F(MoveTest, APipelinedRequestForAnotherLoopIsRefusedAndTheConnectionClosed) {
  start();
  TestClient client = connect();
  client.send(request(0) + request(1) + request(0));
  ASSERT_TRUE(turn_both_until(client, [&] { return client.ended; }));
  EXPECT_EQ(client.answers(), 2U);
  EXPECT_LT(client.received.find("loop 0"), client.received.find("421 Misdirected Request"));
  EXPECT_NE(client.received.find("Connection: close"), std::string::npos);
  EXPECT_EQ(server().stats().moved_out.value(), 0U);
}

TEST_F(MoveTest, AnEndBehindTheRequestGoesToo) {
  start();
  TestClient client = connect();
  client.send(request(1));
  client.end();
  ASSERT_TRUE(turn_both_until(client, [&] { return client.ended; }));
  EXPECT_TRUE(client.received.ends_with("loop 1 \n"));
  EXPECT_EQ(other_->open_connections(), 0U);
}

TEST_F(MoveTest, TheOtherLoopsLimitHolds) {
  options_.connections_max_per_loop = 1;
  start();
  TestClient first = connect();
  first.send(request(1));
  ASSERT_TRUE(turn_both_until(first, [&] { return first.answers() == 1; }));
  TestClient second = connect();
  second.send(request(1));
  ASSERT_TRUE(turn_both_until(second, [&] { return second.ended; }));
  EXPECT_TRUE(second.received.starts_with("HTTP/1.1 503"));
  EXPECT_EQ(other_->stats().refused_at_limit.value(), 1U);
}

TEST_F(MoveTest, AConnectionThatNobodyTakesIsClosed) {
  start();
  TestClient client = connect();
  client.send(request(1));
  ASSERT_TRUE(turn_until([&] { return server().stats().moved_out.value() == 1; }));
  other_.reset();
  other_loop_->discard_tasks();
  EXPECT_TRUE(receive_end(client));
}

}  // namespace
}  // namespace fanfare::httpd
