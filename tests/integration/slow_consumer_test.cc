// Clients that do not read: a bounded queue, then the app's policy; the others do not notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/deadline.h"
#include "support/test_server.h"

namespace fanfare::test {
namespace {

using testing::HasSubstr;

constexpr const char* kChannel = "presence-busy";

WsOptions small_window() {
  WsOptions options;
  options.receive_buffer = 4096;
  return options;
}

class SlowConsumerTest : public LoopsTest {
 protected:
  TestServer& start_with(std::string_view policy) {
    start({{.settings = "slow_consumer = \"" + std::string(policy) + '"', .limits = "send_queue_bytes = 65536"}});
    slow_ = server().connect(0, small_window());
    slow_->subscribe_and_wait(kChannel, R"({"user_id":"slow"})");
    quick_ = server().connect();
    quick_->subscribe_and_wait(kChannel, R"({"user_id":"quick"})");
    return server();
  }
  // Publishes until `metric` is not zero; the quick client reads everything. Returns the number of events.
  int publish_until(const char* metric) {
    ApiClient api = server().api();
    int published = 0;
    wait_until(std::string(metric) + " moves", [&] {
      for (int i = 0; i < 20; ++i) publish_one(api, published++);
      return server().metric(metric) > 0;
    });
    return published;
  }
  // Returns the event that subscribers get.
  std::string publish_one(ApiClient& api, int number) {
    const std::string data = std::to_string(number) + "," + std::string(10'000, 'x');
    api.publish(kChannel, "e", data);
    const std::string expected = event_text("e", kChannel, data);
    for (std::string text = quick_->next_text(); text != expected; text = quick_->next_text()) others_.push_back(text);
    return expected;
  }

  std::unique_ptr<PusherClient> slow_;
  std::unique_ptr<PusherClient> quick_;
  std::vector<std::string> others_;  // what the quick client got between the events
};

int number_of(const std::string& text) { return std::stoi(text.substr(text.find(R"("data":")") + 8)); }

TEST_P(SlowConsumerTest, IsClosedWith4100WhereThePolicyIsClose) {
  start_with("close");
  publish_until("fanfare_session_slow_consumers_total");
  const WsClosed closed = slow_->wait_closed();
  EXPECT_EQ(closed.code, 4100);
  EXPECT_THAT(closed.reason, HasSubstr("Slow consumer"));
  // What it did get are whole frames in order, the client would have thrown otherwise.
  ASSERT_GT(closed.texts.size(), 1U);
  EXPECT_THAT(closed.texts.front(), HasSubstr("member_added"));
  for (std::size_t i = 1; i < closed.texts.size(); ++i) EXPECT_EQ(number_of(closed.texts[i]), static_cast<int>(i) - 1);
  if (others_.empty()) others_.push_back(quick_->next_text());
  EXPECT_EQ(others_, std::vector<std::string>{member_removed(kChannel, "slow")});
  EXPECT_EQ(quick_->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_session_closed_total", R"(code="4100")"), 1);
}

TEST_P(SlowConsumerTest, LosesTheOldestEventsAndNoProtocolEventWhereThePolicyIsDropOldest) {
  start_with("drop_oldest");
  int published = publish_until("fanfare_session_events_dropped_total");
  ApiClient api = server().api();
  std::vector<std::unique_ptr<PusherClient>> joiners;
  std::vector<std::string> expected{member_added(kChannel, R"({"user_id":"quick","user_info":null})")};
  for (int i = 0; i < 30; ++i) {
    const std::string member = R"({"user_id":"joiner-)" + std::to_string(i) + R"("})";
    joiners.push_back(server().connect());
    joiners.back()->subscribe_and_wait(kChannel, member);
    expected.push_back(member_added(kChannel, R"({"user_id":"joiner-)" + std::to_string(i) + R"(","user_info":null})"));
    EXPECT_EQ(quick_->next_text(), expected.back());
    // They read too: only one client here is slow.
    const std::string event = publish_one(api, published++);
    for (const auto& joiner : joiners) {
      while (joiner->next_text() != event) continue;
    }
  }
  // Now it reads again: every protocol event, and of the events an increasing sequence that ends with the last one.
  std::vector<std::string> protocol_events;
  int last = -1;
  int received = 0;
  while (last != published - 1) {
    const std::string text = slow_->next_text();
    if (text.starts_with(R"({"event":"e")")) {
      EXPECT_GT(number_of(text), last);
      last = number_of(text);
      ++received;
    } else {
      protocol_events.push_back(text);
    }
  }
  EXPECT_EQ(protocol_events, expected);
  EXPECT_LT(received, published);
  EXPECT_EQ(server().metric("fanfare_session_events_dropped_total"), published - received);
  EXPECT_EQ(slow_->unexpected(), "");
  EXPECT_EQ(server().metric("fanfare_session_slow_consumers_total"), 0);
}

TEST_P(SlowConsumerTest, WhoAsksWithoutReadingIsNotReadAny) {
  start_with("close");
  // Pings without end: the answers fill the queue up to the high mark, then the server stops reading.
  const std::string ping = WsClient::frame({ws::Opcode::kPing, true, 0}, std::string(125, 'x'));
  std::string pings;
  for (int i = 0; i < 500; ++i) pings += ping;
  int idle_rounds = 0;
  std::size_t at = 0;
  while (idle_rounds < 100) {
    const std::size_t sent = slow_->socket().send_some(std::string_view(pings).substr(at));
    at = (at + sent) % pings.size();
    idle_rounds = sent == 0 ? idle_rounds + 1 : 0;
    // A round trip of somebody else: time for the server, and a sign that it serves others.
    if (sent == 0) {
      EXPECT_EQ(quick_->unexpected(), "");
    }
  }
  EXPECT_EQ(server().metric("fanfare_session_slow_consumers_total"), 0);
}

FANFARE_WITH_LOOPS(SlowConsumerTest);

}  // namespace
}  // namespace fanfare::test
