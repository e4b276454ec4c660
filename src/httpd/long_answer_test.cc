// Answers that are written bit by bit, on real sockets.
#include "httpd/long_answer.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

struct Writer final : AnswerObserver {
  LongAnswer answer;
  int drained = 0;
  std::vector<std::uint64_t> lost;

  void on_answer_drained() override { ++drained; }
  void on_answer_lost(std::uint64_t sent_bytes) override { lost.push_back(sent_bytes); }
};

LocalSlice slice_of(std::string_view text) { return LocalSlice::copy_of(as_bytes(text)); }

const http::Response kHead{.status = 200, .content_type = "text/x", .body = {}, .headers = {{"X-A", "b"}}};

class LongAnswerTest : public ServerTest {
 protected:
  LongAnswerTest() {
    router_.add(http::Method::kGet, "/long", [this](const http::Request&, const RouteCaptures&, Responder responder) {
      writer_.answer = responder.respond_long(writer_);
    });
  }
  // The loop goes before what lives on it otherwise.
  void TearDown() override { writer_.answer = LongAnswer(); }

  TestClient ask(std::string_view version = "1.1", std::string_view more = {}) {
    TestClient client = connect();
    client.send("GET /long HTTP/" + std::string(version) + "\r\nHost: h\r\n\r\n" + std::string(more));
    EXPECT_TRUE(turn_until([&] { return writer_.answer.is_outstanding(); }));
    return client;
  }
  bool receive_text(TestClient& client, std::string_view end) {
    return receive_until(client, [&] { return client.received.ends_with(end); });
  }

  Writer writer_;
};

TEST_F(LongAnswerTest, ChunksAsTheyAreWritten) {
  TestClient client = ask();
  writer_.answer.begin(kHead);
  ASSERT_TRUE(receive_text(client, "\r\n\r\n"));
  EXPECT_NE(client.received.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
  EXPECT_NE(client.received.find("X-A: b\r\n"), std::string::npos);
  EXPECT_EQ(client.received.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(writer_.answer.is_chunked());
  EXPECT_TRUE(writer_.answer.write(slice_of("1\r\na\r\n")));
  EXPECT_TRUE(writer_.answer.write_copy(std::string(17, 'b')));
  ASSERT_TRUE(receive_text(client, "\r\n\r\n1\r\na\r\n11\r\nbbbbbbbbbbbbbbbbb\r\n"));
  writer_.answer.finish();
  ASSERT_TRUE(receive_text(client, "0\r\n\r\n"));
  EXPECT_FALSE(writer_.answer.is_outstanding());
  client.received.clear();
  client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(receive_text(client, "hello\n"));
  EXPECT_TRUE(writer_.lost.empty());
}

TEST_F(LongAnswerTest, AnAnswerOfKnownLengthIsNotInChunks) {
  TestClient client = ask();
  writer_.answer.begin(kHead, 3);
  EXPECT_FALSE(writer_.answer.is_chunked());
  (void)writer_.answer.write(slice_of("abc"));
  writer_.answer.finish();
  ASSERT_TRUE(receive_text(client, "\r\n\r\nabc"));
  EXPECT_NE(client.received.find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_FALSE(writer_.answer.is_outstanding());
}

TEST_F(LongAnswerTest, ToHttp10TheConnectionsEndIsTheAnswers) {
  TestClient client = ask("1.0");
  writer_.answer.begin(kHead);
  EXPECT_FALSE(writer_.answer.is_chunked());
  (void)writer_.answer.write_copy("abc");
  writer_.answer.finish();
  ASSERT_TRUE(receive_end(client));
  EXPECT_TRUE(client.received.ends_with("\r\n\r\nabc"));
  EXPECT_NE(client.received.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(client.received.find("Transfer-Encoding"), std::string::npos);
}

TEST_F(LongAnswerTest, WhatComesBehindTheRequestWaits) {
  TestClient client = ask("1.1", "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  writer_.answer.begin(kHead);
  (void)writer_.answer.write_copy("abc");
  ASSERT_TRUE(receive_text(client, "3\r\nabc\r\n"));
  writer_.answer.finish();
  EXPECT_TRUE(receive_text(client, "hello\n"));
  EXPECT_LT(client.received.find("0\r\n\r\n"), client.received.find("hello"));
}

TEST_F(LongAnswerTest, DrainedIsToldWhenAllIsWithTheKernel) {
  TestClient client = ask();
  writer_.answer.begin(kHead);
  ASSERT_TRUE(turn_until([&] { return writer_.drained == 1; }));
  (void)writer_.answer.write_copy("a");
  (void)writer_.answer.write_copy("b");
  EXPECT_GT(writer_.answer.unsent_bytes(), 0U);
  ASSERT_TRUE(turn_until([&] { return writer_.drained == 2; }));
  EXPECT_EQ(writer_.answer.unsent_bytes(), 0U);
  loop().turn(std::chrono::milliseconds(0));
  EXPECT_EQ(writer_.drained, 2);
  writer_.answer.finish();
  ASSERT_TRUE(turn_until([&] { return writer_.drained == 3; }));
}

TEST_F(LongAnswerTest, AClientThatLeavesIsTold) {
  for (const bool has_begun : {false, true}) {
    TestClient client = ask();
    if (has_begun) writer_.answer.begin(kHead);
    loop().turn(std::chrono::milliseconds(0));
    client.close();
    ASSERT_TRUE(turn_until([&] { return !writer_.lost.empty(); }));
    EXPECT_EQ(writer_.lost.size(), 1U);
    EXPECT_EQ(writer_.lost.front() > 0, has_begun);  // the head
    EXPECT_FALSE(writer_.answer.is_outstanding());
    EXPECT_FALSE(writer_.answer.write_copy("x"));
    writer_.lost.clear();
  }
}

TEST_F(LongAnswerTest, WhatTheKernelHasNotTakenIsKnownWhenTheClientLeaves) {
  TestClient client = ask();
  writer_.answer.begin(kHead);
  (void)writer_.answer.write(slice_of(std::string(16 << 20, 'x')));
  loop().turn(std::chrono::milliseconds(0));
  const std::uint64_t written = writer_.answer.written_bytes();
  const std::uint64_t unsent = writer_.answer.unsent_bytes();
  ASSERT_GT(unsent, 0U);
  ASSERT_LT(unsent, written);
  client.close();
  ASSERT_TRUE(turn_until([&] { return !writer_.lost.empty(); }));
  EXPECT_GE(writer_.lost.front(), written - unsent);
  EXPECT_LT(writer_.lost.front(), written);
}

TEST_F(LongAnswerTest, OneThatIsDroppedIsNotTakenForAWholeOne) {
  TestClient client = ask();
  writer_.answer.begin(kHead, 10);
  (void)writer_.answer.write_copy("abc");
  loop().turn(std::chrono::milliseconds(0));
  writer_.answer = LongAnswer();
  ASSERT_TRUE(receive_end(client));
  EXPECT_TRUE(writer_.lost.empty());
  EXPECT_EQ(server().open_connections(), 0U);
}

TEST_F(LongAnswerTest, OneThatIsDroppedBehindItsEndGoesOut) {
  TestClient client = ask();
  writer_.answer.begin(kHead, 3);
  (void)writer_.answer.write_copy("abc");
  writer_.answer.finish();
  writer_.answer = LongAnswer();
  EXPECT_TRUE(receive_text(client, "\r\n\r\nabc"));
  client.received.clear();
  client.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(receive_text(client, "hello\n"));
}

// The handle names the request, not only the connection.
TEST_F(LongAnswerTest, AnOldOneCannotTouchTheNextAnswer) {
  TestClient client = ask();
  Writer first;
  first.answer = std::move(writer_.answer);
  first.answer.begin(kHead, 0);
  first.answer.finish();
  ASSERT_TRUE(turn_until([&] { return !first.answer.is_outstanding(); }));
  client.send("GET /long HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(turn_until([&] { return writer_.answer.is_outstanding(); }));
  EXPECT_FALSE(first.answer.is_outstanding());
  first.answer = LongAnswer();
  EXPECT_TRUE(writer_.answer.is_outstanding());
}

TEST_F(LongAnswerTest, ADrainClosesBehindIt) {
  TestClient client = ask();
  writer_.answer.begin(kHead);
  server().drain();
  (void)writer_.answer.write_copy("abc");
  ASSERT_TRUE(receive_text(client, "3\r\nabc\r\n"));
  EXPECT_FALSE(client.ended);
  writer_.answer.finish();
  ASSERT_TRUE(receive_end(client));
  EXPECT_TRUE(client.received.ends_with("0\r\n\r\n"));
}

}  // namespace
}  // namespace fanfare::httpd
