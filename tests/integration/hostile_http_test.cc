// HTTP from strangers: garbage, smuggling, sizes without end, slowness. A precise status, and a second client never
// notices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/hostile_server.h"

namespace fanfare::test {
namespace {

using testing::StartsWith;

class HostileHttpTest : public HostileTest {
 protected:
  using HostileTest::HostileTest;

  // What the server answers to these bytes, before it closes; 0: nothing at all.
  int status_for(std::string_view bytes) {
    HttpClient http(server().port());
    static_cast<void>(http.socket().try_send(bytes));
    try {
      const int status = http.read_response().status;
      EXPECT_TRUE(http.ends_quietly()) << testing::PrintToString(bytes.substr(0, 200));
      return status;
    } catch (const Timeout&) {
      throw;
    } catch (const std::runtime_error&) {
      return 0;
    }
  }
};

TEST_P(HostileHttpTest, WhatIsNoHttpIs400) {
  for (const std::string& bytes :
       {std::string("garbage\r\n\r\n"), std::string(1000, '\0') + "\r\n\r\n", std::string("GET\r\n\r\n"),
        std::string("GET / HTTP/1.1\r\nno colon\r\n\r\n"), std::string("GET  / HTTP/1.1\r\nHost: h\r\n\r\n"),
        std::string("GET / HTTP/1.1\nHost: h\n\n"), std::string("G\xc3\xa4T / HTTP/1.1\r\nHost: h\r\n\r\n")}) {
    EXPECT_EQ(status_for(bytes), 400) << testing::PrintToString(bytes.substr(0, 60));
  }
  EXPECT_EQ(status_for("GET / HTTP/2.0\r\nHost: h\r\n\r\n"), 505);
  expect_others_unharmed();
}

TEST_P(HostileHttpTest, ATlsClientHelloOnThePlainPortIsClosed) {
  const std::string hello = std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + std::string(506, '\x5a');
  HttpClient http(server().port());
  http.socket().send(hello);
  http.socket().end();
  std::string answer;
  while (http.socket().receive(answer)) {
  }
  EXPECT_THAT(answer, testing::AnyOf(StartsWith("HTTP/1.1 400"), ""));
  expect_others_unharmed();
}

TEST_P(HostileHttpTest, ShapesThatTwoReadersUnderstandDifferentlyAre400) {
  const auto post = [](std::string_view headers, std::string_view body) {
    return "POST /apps/1/events HTTP/1.1\r\nHost: h\r\n" + std::string(headers) + "\r\n" + std::string(body);
  };
  for (const std::string& bytes : {
           post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
           post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!"),
           post("Content-Length: 5, 5\r\n", "hello"),
           post("Content-Length: +5\r\n", "hello"),
           post("Content-Length: -1\r\n", ""),
           post("Content-Length: 99999999999999999999\r\n", ""),
           post("Content-Length : 5\r\n", "hello"),
           post("X: a\r\n folded\r\n", ""),
           post("Transfer-Encoding: chunked\r\n", "xyz\r\n"),
           post("Transfer-Encoding: chunked\r\n", "-1\r\n"),
           post("Transfer-Encoding: chunked\r\n", "5\r\nhello!!\r\n0\r\n\r\n"),
           post("Transfer-Encoding: chunked\r\n", "ffffffffffffffffff\r\n"),
       }) {
    const int status = status_for(bytes);
    EXPECT_TRUE(status == 400 || status == 413) << status << " for " << testing::PrintToString(bytes);
  }
  EXPECT_EQ(status_for(post("Transfer-Encoding: gzip, chunked\r\n", "")), 501);
  expect_others_unharmed();
}

TEST_P(HostileHttpTest, SizesAreBounded) {
  const std::string start = "GET / HTTP/1.1\r\nHost: h\r\n";
  EXPECT_EQ(status_for("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\n"), 414);
  EXPECT_EQ(status_for(start + "X: " + std::string(20'000, 'x') + "\r\n\r\n"), 431);
  std::string many = start;
  for (int i = 0; i < 150; ++i) many += "X" + std::to_string(i) + ": y\r\n";
  EXPECT_EQ(status_for(many + "\r\n"), 431);
  // Without end: the answer comes while it is still being sent.
  EXPECT_EQ(status_for(start + "X: " + std::string(1'000'000, 'x')), 431);
  EXPECT_EQ(status_for(std::string(1'000'000, 'x')), 414);
  EXPECT_EQ(status_for("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n"), 413);
  std::string chunks = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 40; ++i) chunks += "10000\r\n" + std::string(65'536, 'x') + "\r\n";
  EXPECT_EQ(status_for(chunks), 413);
  expect_others_unharmed();
}

TEST_P(HostileHttpTest, LongNamesAndListsInRequestsAreBounded) {
  ApiClient api = server().api();
  EXPECT_EQ(api.post("/events", R"({"name":"e","channel":")" + std::string(100'000, 'x') + R"(","data":"1"})").status,
            400);
  std::string list = R"({"name":"e","data":"1","channels":["a")";
  for (int i = 0; i < 100'000; ++i) list += R"(,"a")";
  const HttpResponse response = api.post("/events", list + "]}");
  EXPECT_EQ(response.status, 400);
  EXPECT_LT(response.body.size(), 1000U);
  EXPECT_EQ(api.post("/events", std::string(100'000, '[')).status, 400);
  std::string query = "/apps/1/channels?";
  for (int i = 0; i < 500; ++i) query += "a" + std::to_string(i) + "=1&";
  EXPECT_EQ(api.http().get(query).status, 400);
  EXPECT_EQ(api.http().get("/apps/%zz/channels").status, 400);
  EXPECT_EQ(api.http().get("/apps/%00%ff/channels").status, 400);
  EXPECT_EQ(api.http().get("/apps/1/channels?auth_key=%ff%zz").status, 400);
  expect_others_unharmed();
}

TEST_P(HostileHttpTest, APipelineThatIsNotReadIsNotReadEither) {
  HttpClient http(server().port());
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += "GET /nothing HTTP/1.1\r\nHost: h\r\n\r\n";
  std::size_t at = 0;
  int idle_rounds = 0;
  while (idle_rounds < 20) {
    const std::size_t sent = http.socket().send_some(std::string_view(requests).substr(at));
    at = (at + sent) % requests.size();
    idle_rounds = sent == 0 ? idle_rounds + 1 : 0;
    if (sent == 0) expect_others_unharmed();
  }
}

FANFARE_WITH_LOOPS(HostileHttpTest);

// Heads and bodies that take their time.
class SlowHttpTest : public HostileHttpTest {
 protected:
  SlowHttpTest() : HostileHttpTest("header_timeout_ms = 200\nbody_timeout_ms = 200\nidle_timeout_ms = 200") {}

  // Sends it byte by byte for as long as the server lets it; returns the status.
  int trickle(std::string_view bytes) {
    HttpClient http(server().port());
    std::size_t at = 0;
    while (!http.socket().is_readable(20) && http.socket().try_send(bytes.substr(at, 1))) at = (at + 1) % bytes.size();
    return http.read_response().status;
  }
};

TEST_P(SlowHttpTest, SlowHeadersAre408) {
  EXPECT_EQ(trickle("GET / HTTP/1.1\r\nX: " + std::string(10'000, 'x')), 408);
  expect_others_unharmed();
}

TEST_P(SlowHttpTest, SlowBodiesAre408) {
  HttpClient http(server().port());
  http.socket().send("POST /apps/1/events HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\n{");
  while (!http.socket().is_readable(20)) static_cast<void>(http.socket().try_send("x"));
  EXPECT_EQ(http.read_response().status, 408);
  expect_others_unharmed();
}

TEST_P(SlowHttpTest, ConnectionsThatSayNothingAreClosedWithoutAWord) {
  HttpClient silent(server().port());
  EXPECT_TRUE(silent.ends_quietly());
  HttpClient idle(server().port());
  EXPECT_EQ(idle.get("/nothing").status, 404);
  EXPECT_TRUE(idle.ends_quietly());
  expect_others_unharmed();
}

FANFARE_WITH_LOOPS(SlowHttpTest);

}  // namespace
}  // namespace fanfare::test
