#include "httpd/responder.h"

#include <string>
#include <utility>

#include "httpd/server_test_support.h"

namespace fanfare::httpd {
namespace {

class ResponderTest : public ServerTest {
 protected:
  // A client whose request waits for its answer in later_.
  TestClient ask() {
    TestClient client = connect();
    client.send("GET /later/1 HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_TRUE(turn_until([&] { return later_.size() == 1; }));
    return client;
  }
};

TEST_F(ResponderTest, AnswersInALaterTurn) {
  TestClient client = ask();
  EXPECT_TRUE(later_[0].second.is_wanted());
  EXPECT_EQ(later_[0].second.peer_address().ip_text(), "127.0.0.1");
  answer_later(0);
  EXPECT_FALSE(later_[0].second.is_wanted());
  EXPECT_TRUE(receive_answers(client, 1));
}

TEST_F(ResponderTest, AnswerToAClientThatHasGoneIsDropped) {
  TestClient client = ask();
  client.close();
  ASSERT_TRUE(turn_until([&] { return server().open_connections() == 0; }));
  TestClient other = connect();  // takes the same slot
  ASSERT_TRUE(turn_until([&] { return server().open_connections() == 1; }));
  EXPECT_FALSE(later_[0].second.is_wanted());
  answer_later(0);
  EXPECT_EQ(server().stats().answers_dropped.value(), 1U);
  other.send("GET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(receive_answers(other, 1));
  EXPECT_TRUE(other.received.ends_with("hello\n"));
}

TEST_F(ResponderTest, OneThatDiesUnansweredAnswers500) {
  TestClient client = connect();
  client.send("GET /forgotten HTTP/1.1\r\nHost: h\r\n\r\nGET /hello HTTP/1.1\r\nHost: h\r\n\r\n");
  ASSERT_TRUE(receive_answers(client, 2));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(server().stats().answers_missing.value(), 1U);
}

TEST_F(ResponderTest, DyingInALaterTurnAnswersToo) {
  TestClient client = ask();
  later_.clear();
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 500 "));
}

TEST_F(ResponderTest, MayOutliveTheServer) {
  TestClient client = ask();
  listener_.reset();
  server_.reset();
  EXPECT_FALSE(later_[0].second.is_wanted());
  EXPECT_EQ(later_[0].second.peer_address().ip_text(), "unknown");
  answer_later(0);
}

TEST_F(ResponderTest, AMovedOneIsSpent) {
  TestClient client = ask();
  Responder moved = std::move(later_[0].second);
  later_.clear();
  moved.respond(http::json_response("{}"));
  ASSERT_TRUE(receive_answers(client, 1));
  EXPECT_TRUE(client.received.starts_with("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace fanfare::httpd
