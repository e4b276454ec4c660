// Handing a connection over, and closes at awkward moments.
#include <memory>
#include <string>
#include <utility>

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

// Takes streams over and echoes what comes.
class EchoTakeover final : public UpgradeHandler, private net::StreamHandler {
 public:
  void on_upgrade(const http::Request& request, std::unique_ptr<net::Stream> stream, MutableBytes unread) override {
    path = request.path;
    key = request.header("sec-websocket-key");
    early = as_text(unread);
    stream_ = std::move(stream);
    stream_->set_handler(*this);
    stream_->queue_copy(as_bytes("switched;"));
  }

  std::string path;
  std::string key;
  std::string early;
  bool closed = false;

 private:
  void on_bytes(MutableBytes bytes) override { stream_->queue_copy(bytes); }
  void on_closed(net::CloseReason) override { closed = true; }

  std::unique_ptr<net::Stream> stream_;
};

constexpr std::string_view kUpgrade =
    "GET /any/path?protocol=7 HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Key: abc\r\n\r\n";

// The fixture destroys its loop last, so the taken stream is let go of first.
class TakenStreamTest : public ServerTest {
 protected:
  TakenStreamTest() { upgrades_ = takeover_.get(); }
  void TearDown() override { takeover_.reset(); }
  std::unique_ptr<EchoTakeover> takeover_ = std::make_unique<EchoTakeover>();
};

TEST_F(TakenStreamTest, HandsOverWithTheEarlyBytes) {
  TestClient client = connect();
  client.send(std::string(kUpgrade) + "early");
  ASSERT_TRUE(receive_until(client, [&] { return client.received == "switched;"; }));
  EXPECT_EQ(takeover_->path, "/any/path");
  EXPECT_EQ(takeover_->key, "abc");
  EXPECT_EQ(takeover_->early, "early");
  EXPECT_EQ(server().open_connections(), 0U);
  EXPECT_EQ(server().stats().upgrades.value(), 1U);
  client.send("more");
  EXPECT_TRUE(receive_until(client, [&] { return client.received == "switched;more"; }));
}

TEST_F(TakenStreamTest, HandsOverBehindAPipelinedRequestThatWasAnsweredLate) {
  TestClient client = connect();
  client.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(kUpgrade) + "early");
  ASSERT_TRUE(turn_until([&] { return later_.size() == 1; }));
  answer_later(0);
  ASSERT_TRUE(receive_until(client, [&] { return client.received.ends_with("switched;"); }));
  EXPECT_EQ(takeover_->early, "early");
  client.send("more");  // it is read from again
  EXPECT_TRUE(receive_until(client, [&] { return client.received.ends_with("switched;more"); }));
}

TEST_F(TakenStreamTest, HandsOverAfterAHeadInPieces) {
  TestClient client = connect();
  for (const char c : kUpgrade) {
    client.send(std::string_view(&c, 1));
    loop().turn(std::chrono::milliseconds(0));
  }
  EXPECT_TRUE(receive_until(client, [&] { return client.received == "switched;"; }));
  EXPECT_EQ(takeover_->path, "/any/path");
}

TEST_F(TakenStreamTest, OtherRequestsGoToTheRouter) {
  TestClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nContent-Length: 1\r\n\r\nx");
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.ends_with("x\n"));
  EXPECT_EQ(server().stats().upgrades.value(), 0U);
}

using ClosingTest = ServerTest;

TEST_F(ClosingTest, APeerThatEndsItsSideStillGetsItsAnswer) {
  TestClient client = connect();
  client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  client.end();
  ASSERT_TRUE(receive_end(client));
  EXPECT_TRUE(client.received.ends_with("hello\n"));
  EXPECT_TRUE(turn_until([&] { return server().open_connections() == 0; }));
}

TEST_F(ClosingTest, APeerMayGoInTheMiddleOfARequest) {
  TestClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhe");
  ASSERT_TRUE(turn_until([&] { return server().open_connections() == 1; }));
  client.close();
  EXPECT_TRUE(turn_until([&] { return server().open_connections() == 0; }));
}

TEST_F(ClosingTest, TheServerMayEndWithConnectionsOfEveryKind) {
  TestClient idle = connect();
  TestClient partial = connect();
  partial.send("GET /hel");
  TestClient waiting = connect();
  waiting.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\n");
  ASSERT_TRUE(turn_until([&] { return later_.size() == 1 && server().open_connections() == 3; }));
  answer_later(0);  // what it defers finds the server gone
  listener_.reset();
  server_.reset();
  for (int i = 0; i < 3; ++i) loop().turn(std::chrono::milliseconds(0));
}

}  // namespace
}  // namespace fanfare::httpd
