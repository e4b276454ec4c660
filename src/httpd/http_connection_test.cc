#include "httpd/http_connection.h"

#include <string>

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

constexpr std::string_view kHello = "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n";

std::string get(std::string_view path) { return "GET " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n\r\n"; }

class HttpConnectionTest : public ServerTest {};

TEST_F(HttpConnectionTest, KeepsTheConnectionForTheNextRequest) {
  TestClient client = connect();
  for (std::size_t i = 1; i <= 3; ++i) {
    client.send(kHello);
    ASSERT_TRUE(receive_answers(client, i));
  }
  EXPECT_TRUE(client.received.ends_with("\r\n\r\nhello\n"));
  EXPECT_FALSE(client.ended);
  EXPECT_EQ(server().stats().requests.value(), 3U);
  EXPECT_EQ(server().stats().by_class[1].value(), 3U);
}

TEST_F(HttpConnectionTest, EmptyObjectIsAnsweredWithADate) {
  TestClient client = connect();
  client.send("POST /publish HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}");
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 200 OK\r\nDate: ")) << client.received;
  EXPECT_TRUE(client.received.ends_with("Content-Length: 2\r\n\r\n{}"));
}

TEST_F(HttpConnectionTest, PipelinedAnswersKeepTheirOrder) {
  TestClient client = connect();
  client.send(get("/later/1") + get("/later/2") + std::string(kHello) + get("/later/3"));
  ASSERT_TRUE(turn_until([&] { return later_.size() == 1; }));
  for (int i = 0; i < 5; ++i) loop().turn(std::chrono::milliseconds(0));
  EXPECT_EQ(later_.size(), 1U);  // the second waits for the first's answer
  answer_later(0);
  ASSERT_TRUE(turn_until([&] { return later_.size() == 2; }));
  answer_later(1);
  ASSERT_TRUE(turn_until([&] { return later_.size() == 3; }));
  client.send(kHello);
  answer_later(2);
  ASSERT_TRUE(receive_answers(client, 5));
  std::string bodies;
  for (const std::string_view body : {"\r\n\r\n1\n", "\r\n\r\n2\n", "\r\n\r\nhello\n", "\r\n\r\n3\n"}) {
    const std::size_t at = client.received.find(body);
    ASSERT_NE(at, std::string::npos) << body;
    bodies += at > bodies.size() ? "" : "!";
    bodies.resize(at, '.');
  }
  EXPECT_EQ(bodies.find('!'), std::string::npos) << client.received;
}

TEST_F(HttpConnectionTest, ManyPipelinedRequestsInOnePiece) {
  TestClient client = connect();
  std::string batch;
  for (int i = 0; i < 200; ++i) batch += kHello;
  client.send(batch);
  EXPECT_TRUE(receive_answers(client, 200));
}

TEST_F(HttpConnectionTest, BodyInOneByteSegments) {
  TestClient client = connect();
  for (const char c : std::string_view("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")) {
    client.send(std::string_view(&c, 1));
    loop().turn(std::chrono::milliseconds(0));
  }
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.ends_with("\r\n\r\nhello\n"));
}

TEST_F(HttpConnectionTest, SaysContinueToAClientThatWaits) {
  TestClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_EQ(client.received, http::kContinueResponse);
  client.send("hello");
  ASSERT_TRUE(receive_answers(client, 2));
  EXPECT_TRUE(client.received.ends_with("\r\n\r\nhello\n"));
}

TEST_F(HttpConnectionTest, Http10ClosesUnlessAskedToStay) {
  TestClient client = connect();
  client.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_NE(client.received.find("Connection: keep-alive\r\n"), std::string::npos);
  client.send("GET /hello HTTP/1.0\r\n\r\n");
  ASSERT_TRUE(receive_end(client));
  EXPECT_EQ(client.answers(), 2U);
  EXPECT_NE(client.received.find("Connection: close\r\n"), std::string::npos);
}

TEST_F(HttpConnectionTest, BadRequestIsAnsweredAndClosed) {
  TestClient client = connect();
  client.send("GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nGET /hello HTTP/1.1\r\n\r\n");
  ASSERT_TRUE(receive_end(client));
  EXPECT_EQ(client.error, 0);
  EXPECT_EQ(client.answers(), 1U);
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_TRUE(client.received.ends_with("Bad Request: more than one Content-Length header\n")) << client.received;
  EXPECT_EQ(server().stats().bad_requests.value(), 1U);
}

TEST_F(HttpConnectionTest, TooLargeIsAnsweredBeforeTheBodyIsRead) {
  options_.request.body_bytes_max = 1000;
  TestClient client = connect();
  client.send("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n" + std::string(100'000, 'x'));
  ASSERT_TRUE(receive_until(client, [&] { return client.answers() == 1 || client.error != 0; }));
  client.end();
  ASSERT_TRUE(receive_end(client));
  EXPECT_EQ(client.error, 0);  // no reset, though the body was never read
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 413 ")) << client.received;
}

TEST_F(HttpConnectionTest, HugeHeadersAreRefused) {
  TestClient client = connect();
  client.send("GET /hello HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n");
  client.end();
  ASSERT_TRUE(receive_end(client));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 431 ")) << client.received;
}

TEST_F(HttpConnectionTest, UnknownPathsAndMethods) {
  TestClient client = connect();
  client.send(get("/nothing"));
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 404 Not Found\r\n"));
  EXPECT_TRUE(client.received.ends_with("\r\n\r\n404 NOT FOUND\n"));
  client.received.clear();
  client.send("PUT /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 405 "));
  EXPECT_NE(client.received.find("\r\nAllow: GET, HEAD\r\n"), std::string::npos);
}

TEST_F(HttpConnectionTest, HeadHasNoBody) {
  TestClient client = connect();
  client.send("HEAD /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.ends_with("Content-Length: 6\r\n\r\n")) << client.received;
}

TEST_F(HttpConnectionTest, ASlowReaderIsNotReadFrom) {
  options_.send_queue = {.bytes_max = 8 * 1024 * 1024, .entries_max = 4096, .high_mark = 1024 * 1024, .low_mark = 1024};
  router_.add(http::Method::kGet, "/large", [](const http::Request&, const RouteCaptures&, Responder responder) {
    responder.respond(http::text_response(200, std::string(4 * 1024 * 1024, 'x')));
  });
  TestClient client = connect();
  client.send(get("/large") + get("/large") + get("/large") + get("/large"));
  ASSERT_TRUE(turn_until([&] { return server().stats().requests.value() >= 1; }));
  for (int i = 0; i < 50; ++i) loop().turn(std::chrono::milliseconds(0));
  EXPECT_LT(server().stats().requests.value(), 4U);
  const std::size_t all = 4UL * 4 * 1024 * 1024;
  EXPECT_TRUE(receive_until(client, [&] { return client.received.size() > all && client.received.ends_with("x\n"); }));
  EXPECT_EQ(server().stats().requests.value(), 4U);
}

TEST_F(HttpConnectionTest, AnAnswerThatDoesNotFitSaysSo) {
  options_.send_queue = {.bytes_max = 1024 * 1024, .entries_max = 64, .high_mark = 1024 * 1024, .low_mark = 1024};
  router_.add(http::Method::kGet, "/large", [](const http::Request&, const RouteCaptures&, Responder responder) {
    responder.respond(http::text_response(200, std::string(2 * 1024 * 1024, 'x')));
  });
  TestClient client = connect();
  client.send(get("/large") + get("/hello"));
  ASSERT_TRUE(receive_answers(client, 2));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 500 "));
  EXPECT_NE(client.received.find("http_send_queue_bytes_max = 1048576"), std::string::npos);
  EXPECT_NE(client.received.find("HTTP/1.1 200 OK"), std::string::npos) << "the connection goes on";
}

TEST_F(HttpConnectionTest, AnIdleConnectionIsSmall) { EXPECT_LE(sizeof(HttpConnection), 144U); }

TEST_F(HttpConnectionTest, AFewConnectionsShareParsers) {
  TestClient one = connect();
  TestClient two = connect();
  one.send("GET /hello HT");
  two.send("GET /hello HT");
  turn_until([&] { return server().open_connections() == 2; });
  for (int i = 0; i < 5; ++i) loop().turn(std::chrono::milliseconds(0));
  one.send("TP/1.1\r\nHost: h\r\n\r\n");
  two.send("TP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(receive_answers(one, 1));
  EXPECT_TRUE(receive_answers(two, 1));
}

}  // namespace
}  // namespace fanfare::httpd
