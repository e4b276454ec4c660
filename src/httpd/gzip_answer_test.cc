// Answers as gzip, over real sockets.
#include "httpd/gzip_answer.h"

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

class GzipAnswerTest : public ServerTest {
 protected:
  GzipAnswerTest() {
    options_.gzip_bytes_min = 1000;
    router_.add(
        http::Method::kGet, "/xs/{count}",
        [](const http::Request&, const RouteCaptures& captures, Responder responder) {
          responder.respond(http::text_response(200, std::string(std::stoul(std::string(captures["count"])), 'x')));
        });
    router_.add(http::Method::kGet, "/named", [](const http::Request&, const RouteCaptures&, Responder responder) {
      http::Response response = http::text_response(200, std::string(5000, 'x'));
      response.headers.push_back({"ETag", "\"5000\""});
      responder.respond(std::move(response));
    });
  }

  std::string answer_to(const std::string& path, const std::string& headers) {
    TestClient client = connect();
    client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n" + headers + "\r\n");
    EXPECT_TRUE(receive_end(client));
    return client.received;
  }
  static bool is_gzip(const std::string& answer) {
    const bool says_so = answer.find("\r\nContent-Encoding: gzip\r\n") != std::string::npos;
    const bool starts_so = answer.find("\r\n\r\n\x1f\x8b") != std::string::npos;
    EXPECT_EQ(says_so, starts_so);
    EXPECT_TRUE(!says_so || answer.find("\r\nVary: Accept-Encoding\r\n") != std::string::npos);
    return says_so;
  }
};

constexpr const char* kTakesGzip = "Accept-Encoding: gzip, deflate\r\n";

TEST_F(GzipAnswerTest, LongAnswersAreGzipForWhoTakesIt) {
  EXPECT_TRUE(is_gzip(answer_to("/xs/5000", kTakesGzip)));
  EXPECT_FALSE(is_gzip(answer_to("/xs/5000", "")));
  EXPECT_FALSE(is_gzip(answer_to("/xs/5000", "Accept-Encoding: gzip;q=0\r\n")));
}

TEST_F(GzipAnswerTest, TheLengthIsThatOfWhatIsSent) {
  const std::string answer = answer_to("/xs/5000", kTakesGzip);
  const std::size_t body = answer.size() - (answer.find("\r\n\r\n") + 4);
  EXPECT_NE(answer.find("\r\nContent-Length: " + std::to_string(body) + "\r\n"), std::string::npos);
  EXPECT_LT(body, 200U);
}

TEST_F(GzipAnswerTest, ShortAndVeryLongOnesStayAsTheyAre) {
  EXPECT_FALSE(is_gzip(answer_to("/xs/998", kTakesGzip)));  // and a line feed
  EXPECT_TRUE(is_gzip(answer_to("/xs/999", kTakesGzip)));
  EXPECT_TRUE(is_gzip(answer_to("/xs/1048575", kTakesGzip)));
  EXPECT_FALSE(is_gzip(answer_to("/xs/1048576", kTakesGzip)));
}

TEST_F(GzipAnswerTest, ABodyWithAnETagStaysTheOneThatItNames) {
  EXPECT_FALSE(is_gzip(answer_to("/named", kTakesGzip)));
}

TEST_F(GzipAnswerTest, ItCanBeOff) {
  options_.gzip_bytes_min = 0;
  EXPECT_FALSE(is_gzip(answer_to("/xs/5000", kTakesGzip)));
}

TEST_F(GzipAnswerTest, TheNextRequestOfAConnectionMayNotTakeIt) {
  TestClient client = connect();
  client.send(std::string("GET /xs/5000 HTTP/1.1\r\nHost: h\r\n") + kTakesGzip + "\r\n");
  ASSERT_TRUE(receive_answers(client, 1));
  client.received.clear();
  client.send("GET /xs/5000 HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(receive_until(client, [&] { return client.received.ends_with("xxx\n"); }));
  EXPECT_FALSE(is_gzip(client.received));
}

}  // namespace
}  // namespace fanfare::httpd
